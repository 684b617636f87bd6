"""The pages without a browser: words, forms, drawings, answers through the test client."""
