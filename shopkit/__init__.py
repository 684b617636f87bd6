"""The application: everything that touches the world, from the web page to the exchange-rate source."""
