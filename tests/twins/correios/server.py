"""Correios' API Rastro on loopback."""

from __future__ import annotations

import base64
import json
import re
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from tests.twins.carriers import Answered, Asked, Carrier

Json = dict[str, Any]
_ONE: Final = re.compile(r"/srorastro/v1/objetos/([A-Za-z0-9]{13})")
_BRASILIA: Final = timezone(timedelta(hours=-3))
_LANGUAGES: Final = ("pt-BR", "en", "es-ES")
_AGENCY: Final = {
    "tipo": "Agência dos Correios",
    "codSro": "35400000",
    "endereco": {"cidade": "OURO PRETO", "uf": "MG"},
}
_PLANT: Final = {
    "tipo": "Unidade de Tratamento",
    "codSro": "31270001",
    "endereco": {"cidade": "BELO HORIZONTE", "uf": "MG"},
}
_ROUND: Final = {
    "tipo": "Unidade de Distribuição",
    "codSro": "01000001",
    "endereco": {"cidade": "SAO PAULO", "uf": "SP"},
}
_CUSTOMS: Final = {
    "tipo": "Unidade de Logística Integrada",
    "codSro": "80000001",
    "endereco": {"cidade": "CURITIBA", "uf": "PR"},
}
_ABROAD: Final = {"tipo": "País", "codSro": "00752000", "nome": "SUECIA", "endereco": {}}

# Oldest first: hours since posting, codigo, tipo, descricao, unidade.
_WAY: Final = (
    (0, "PO", "01", "Objeto postado", _AGENCY),
    (20, "RO", "01", "Objeto em transferência - por favor aguarde", _PLANT),
    (60, "OEC", "01", "Objeto saiu para entrega ao destinatário", _ROUND),
)
_HOME: Final = (66, "BDE", "01", "Objeto entregue ao destinatário", _ROUND)
_AWAY: Final = (66, "BDE", "20", "Carteiro não atendido", _ROUND)
_INTO: Final = (
    (0, "PAR", "18", "Objeto recebido na unidade de exportação no país de origem", _ABROAD),
    (30, "PAR", "16", "Objeto recebido pelos Correios do Brasil", _CUSTOMS),
    (32, "PAR", "21", "Encaminhado para fiscalização aduaneira", _CUSTOMS),
)
_DUE: Final = (50, "PAR", "17", "Aguardando pagamento", _CUSTOMS)
_PAID: Final = (60, "PAR", "31", "Pagamento confirmado", _CUSTOMS)
_FREE: Final = (70, "PAR", "10", "Fiscalização aduaneira finalizada", _CUSTOMS)
_STORIES: Final[dict[str, tuple[Any, ...]]] = {
    "announced": (),
    "posted": _WAY[:1],
    "out": _WAY,
    "delivered": (*_WAY, _HOME),
    "failed": (*_WAY, _AWAY),
    "withdrawn": (*_WAY, _HOME, (68, "BDE", "20", "Carteiro não atendido", _ROUND)),
    "returned": (
        *(*_WAY, (66, "BDE", "21", "Carteiro não atendido", _ROUND)),
        *((90, "OEC", "09", "Objeto saiu para entrega ao remetente", _AGENCY),),
        *((96, "BDE", "23", "Objeto entregue ao remetente", _AGENCY),),
    ),
    "taxed": (*_INTO, _DUE),
    "paid": (*_INTO, _DUE, _PAID),
    "released": (*_INTO, _DUE, _PAID, _FREE),
    "unpaid": (*_INTO, _DUE, (80, "PAR", "24", "Devolução autorizada pela Receita Federal", _CUSTOMS)),
    "odd": (*_WAY[:1], (9, "XYZ", "77", "Algo novo", _PLANT)),
    "disagreeing": (*_WAY[:1], (9, "BDE", "01", "Aguardando pagamento", _ROUND)),
}


def _refused(status: int, *said: str) -> Answered:
    return Answered(status, json.dumps({"msgs": list(said)}, ensure_ascii=False).encode())


class Correios(Carrier):
    """The twin.

    ``planted``: ``commas_only`` and ``repeats_only`` (one way of naming several numbers is not understood: only the
    last is told), ``objects`` (times as objects), ``numbers`` (kinds as numbers), ``nowhere`` (no units), ``marked``,
    ``broken``, ``no_time``, ``future``, ``many``, ``forgets`` (the second number is left out of every answer),
    ``others`` (an object that nobody asked for), ``other_message``, ``other_contract`` (403 for every call).
    """

    def __init__(self) -> None:
        super().__init__()
        self.details = {"user": "loja", "access_code": "codigo-1", "card": "0067511082"}
        self.parcels: dict[str, tuple[str, datetime]] = {}
        self.tokens: set[str] = set()
        self.given = 0

    def lay(self, number: str, story: str, days: float = 5.0) -> None:
        """Let a number be known, posted some days ago."""
        self.parcels[number] = story, self.now - timedelta(days=days)

    def refuse_tokens(self) -> None:
        """Let all tokens be over."""
        self.tokens.clear()

    def answer(self, asked: Asked) -> Answered:
        """Answer a request."""
        if asked.path == "/token/v1/autentica/cartaopostagem" and asked.method == "POST":
            return self._token(asked)
        is_ours = asked.headers.get("authorization", "").removeprefix("Bearer ") in self.tokens
        if not is_ours or "other_contract" in self.planted:
            return _refused(403, "Serviço não contratado" if is_ours else "GTW-006: Token inválido ou expirado")
        if asked.headers.get("accept-language") not in _LANGUAGES:
            return _refused(400, "SRO-018: Permitido apenas os valores pt-BR, en e es-ES para o idioma")
        one = _ONE.fullmatch(asked.path)
        if one is not None:
            return self._tracked([one[1]])
        if asked.path != "/srorastro/v1/objetos":
            return _refused(404, "Rota não encontrada")
        return self._several([value for name, value in asked.query if name == "codigosObjetos"])

    def _several(self, named: list[str]) -> Answered:
        if "commas_only" in self.planted:
            named = named[-1:]
        numbers = [one for text in named for one in text.split(",")]
        if "repeats_only" in self.planted and len(numbers) != len(named):
            numbers = numbers[-1:]
        if not 1 <= len(numbers) <= 50:
            return _refused(400, "SRO-001: Informe de 1 a 50 objetos")
        return self._tracked(numbers)

    def _token(self, asked: Asked) -> Answered:
        who = f"{self.details['user']}:{self.details['access_code']}".encode()
        if asked.headers.get("authorization") != f"Basic {base64.b64encode(who).decode()}":
            return _refused(401, "PSW-001: Usuário ou código de acesso inválido")
        if json.loads(asked.body or b"{}").get("numero") != self.details["card"]:
            return _refused(400, "CAR-002: Cartão de postagem não encontrado")
        self.given += 1
        token = f"correios-token-{self.given}"
        self.tokens.add(token)
        over = (self.now + timedelta(hours=24)).astimezone(_BRASILIA)
        told = {"token": token, "expiraEm": f"{over:%Y-%m-%dT%H:%M:%S}", "ambiente": "PRODUCAO"}
        return Answered(201, json.dumps(told).encode())

    def _tracked(self, numbers: list[str]) -> Answered:
        if "forgets" in self.planted:
            numbers = [one for one in numbers if one != self.journal_second()]
        objects = [self._object(number.upper()) for number in numbers]
        if "others" in self.planted:
            objects.append(self._object("AA111111111BR", ("delivered", self.now - timedelta(days=9))))
        told = {"versao": "3.5.38", "quantidade": len(objects), "objetos": objects, "resultado": "Todos os Eventos"}
        return Answered(200, json.dumps(told, ensure_ascii=False).encode())

    def journal_second(self) -> str:
        """Return the second number that was ever laid."""
        return list(self.parcels)[1]

    def _object(self, number: str, found: tuple[str, datetime] | None = None) -> Json:
        found = found or self.parcels.get(number)
        if found is None:
            return {"codObjeto": number, "mensagem": "SRO-020: Objeto não encontrado na base de dados dos Correios."}
        if "other_message" in self.planted:
            return {"codObjeto": number, "mensagem": "SRO-999: Tente mais tarde."}
        story, posted = found
        steps = _STORIES[story]
        if "many" in self.planted:
            steps = (
                *steps,
                *((100 + n / 60, "RO", "01", "Objeto em trânsito", _PLANT) for n in range(10_000 - len(steps))),
            )
        return {
            "codObjeto": number,
            "tipoPostal": {"sigla": number[:2], "descricao": "ETIQUETA LOGICA PAC", "categoria": "ENCOMENDA PAC"},
            "dtPrevista": f"{posted + timedelta(days=6):%d/%m/%Y}",
            "modalidade": "F",
            "eventos": [self._event(step, posted) for step in reversed(steps)],
            "situacao": "T",
        }

    def _event(self, step: Any, posted: datetime) -> Json:
        hours, code, kind, text, unit = step
        moment = posted + timedelta(hours=hours) + (timedelta(days=400) if "future" in self.planted else timedelta())
        local = moment.astimezone(_BRASILIA)
        time: Any = f"{local:%Y-%m-%dT%H:%M:%S}"
        if "objects" in self.planted:
            time = {"date": f"{local:%Y-%m-%d %H:%M:%S}.000000", "timezone_type": 3, "timezone": "America/Sao_Paulo"}
        if "marked" in self.planted:
            text = f"<img src=x onerror=alert(1)>{text}"
        if "broken" in self.planted:
            text = text.encode().decode("latin-1")
        return {
            "codigo": code,
            "tipo": int(kind) if "numbers" in self.planted else kind,
            "dtHrCriado": None if "no_time" in self.planted else time,
            "descricao": text,
            "detalhe": None,
            "unidade": None if "nowhere" in self.planted else unit,
            "unidadeDestino": None,
            "finalizador": "S" if code == "BDE" else "N",
            "rota": "CONTEXTO",
        }
