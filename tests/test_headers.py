"""What every answer carries, whoever asks."""

from flask.testing import FlaskClient

from app.edge import web


def test_what_is_not_allowed_says_what_is(client: FlaskClient) -> None:
    answer = client.put("/sign-in")

    assert (answer.status_code, set(answer.headers["Allow"].split(", "))) == (405, {"GET", "HEAD", "OPTIONS", "POST"})


def test_every_page_has_its_security_headers(client: FlaskClient) -> None:
    headers = client.get("/sign-in").headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "no-referrer")
    assert headers["Cache-Control"] == "no-store"


def test_every_other_answer_has_them_too(client: FlaskClient) -> None:
    names = set(web.HEADERS)
    answers = [
        client.get(path, buffered=True)
        for path in ("/nowhere", "/healthz", "/static/toerbeurt.css", "/feeds/unknown.ics")
    ]
    answers += [client.post("/feeds/unknown.ics"), client.get("/sign-in", base_url="http://elsewhere.example")]

    assert [answer.status_code for answer in answers] == [404, 503, 200, 404, 405, 400]
    assert [names - set(answer.headers.keys()) for answer in answers] == [set()] * 6
