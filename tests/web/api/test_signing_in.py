"""Who is let in: keys and tokens, what is good for nothing, and how often one may ask (T31, T32, T36, X14)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine

from mailroom.database.api_keys import revoke_api_key
from mailroom.database.organizations import revoke_user, set_organization_status
from mailroom.domain.api_key import key_prefix
from mailroom.domain.errors import ConfigurationError
from mailroom.settings.environment import Environment
from mailroom.web.api.policy import ApiPolicy
from mailroom.web.api.tokens import AUDIENCE, TokenMint
from mailroom.web.app import create_app
from tests.web.api.conftest import Calls
from tests.web.api.office import TOKEN_KEY, Caller, Office


def me(http: TestClient, **headers: str) -> Any:
    return http.get("/api/v1/me", headers={name.replace("_", "-"): value for name, value in headers.items()})


def bearer(http: TestClient, token: str) -> Any:
    return me(http, Authorization=f"Bearer {token}")


def test_a_key_says_who_it_stands_for(calls: Calls, office: Office):
    caller = calls("officer", user=office.person("anna@acme.example", "officer"))

    answer = caller.get("/me")

    assert answer.status_code == 200
    assert answer.json() | {"name": ""} == {
        "organization": "acme",
        "name": "",
        "role": "officer",
        "rights": ["clear", "decide", "overrule", "read", "start"],
        "user": "anna@acme.example",
    }


def test_a_key_never_does_more_than_its_person(calls: Calls, office: Office):
    caller = calls("admin", user=office.person("anna@acme.example", "viewer"))

    assert caller.get("/me").json()["rights"] == ["read"]


def test_a_key_without_a_person_never_decides(calls: Calls):
    assert "decide" not in calls("admin").get("/me").json()["rights"]


def test_what_is_no_credential_is_refused(http: TestClient, office: Office):
    good = office.key("viewer")
    for headers in (
        {},
        {"X_API_Key": ""},
        {"X_API_Key": good[:-1]},
        {"X_API_Key": good.upper()},
        {"X_API_Key": key_prefix(good)},
        {"X_API_Key": "mrk_aaaaaaaa_" + "a" * 44},
        {"Authorization": f"Bearer {good}"},
        {"Authorization": f"Basic {good}"},
        {"Authorization": "Bearer "},
        {"X_API_Key": good, "Authorization": f"Bearer {good}"},
    ):
        answer = me(http, **headers)
        assert answer.status_code == 401, headers
        assert answer.json()["error"]["code"] == "unauthorized"
    assert http.get(f"/api/v1/me?api_key={good}&X-API-Key={good}").status_code == 401
    assert me(http, X_API_Key=good).status_code == 200


def test_an_expired_a_revoked_and_an_orphaned_key_are_refused(http: TestClient, office: Office):
    expired, revoked = office.key("viewer", days=-1), office.key("viewer")
    orphaned = office.key("viewer", user=office.person("anna@acme.example"))
    assert me(http, X_API_Key=revoked).status_code == me(http, X_API_Key=orphaned).status_code == 200
    with office.database.organization(office.desk.organization) as connection:
        revoke_api_key(connection, key_prefix(revoked), "test")
        revoke_user(connection, "anna@acme.example")

    assert [me(http, X_API_Key=key).status_code for key in (expired, revoked, orphaned)] == [401, 401, 401]


def test_a_suspended_customer_is_locked_out(http: TestClient, office: Office):
    key = office.key("viewer")
    token = Caller(http, key).post("/token").json()["access_token"]
    assert bearer(http, token).status_code == 200
    engine = create_engine(office.desk.owner_url)
    with engine.begin() as owner:
        set_organization_status(owner, "acme", "suspended")
    engine.dispose()

    assert me(http, X_API_Key=key).status_code == 401
    assert bearer(http, token).status_code == 401


def test_tokens_stand_for_their_key(http: TestClient, calls: Calls):
    caller = calls("clerk")
    made = caller.post("/token").json()

    assert made["token_type"] == "Bearer"
    assert (made["expires_in"], made["refresh_expires_in"]) == (3600, 86_400)
    assert bearer(http, made["access_token"]).json() == caller.get("/me").json()


def test_a_refresh_token_makes_new_tokens_and_nothing_else(http: TestClient, calls: Calls):
    made = calls("clerk").post("/token").json()

    assert bearer(http, made["refresh_token"]).status_code == 401
    renewed = http.post("/api/v1/token/refresh", json={"refresh_token": made["refresh_token"]})
    assert bearer(http, renewed.json()["access_token"]).status_code == 200
    assert http.post("/api/v1/token/refresh", json={"refresh_token": made["access_token"]}).status_code == 401
    with_token = {"Authorization": f"Bearer {made['access_token']}"}
    assert http.post("/api/v1/token", headers=with_token).status_code == 401


def test_tokens_end_with_their_key(http: TestClient, office: Office):
    key = office.key("clerk")
    made = Caller(http, key).post("/token").json()
    with office.database.organization(office.desk.organization) as connection:
        revoke_api_key(connection, key_prefix(key), "test")

    assert bearer(http, made["access_token"]).status_code == 401
    assert http.post("/api/v1/token/refresh", json={"refresh_token": made["refresh_token"]}).status_code == 401


def forged(token: str, how: str) -> str:
    """Return a token that is not ours, or not good any more, in one way."""
    secret = TokenMint.of(TOKEN_KEY, ApiPolicy()).secret
    claims = jwt.decode(token, options={"verify_signature": False})
    past = datetime.now(UTC) - timedelta(hours=2)
    changed: dict[str, Any] = {
        "expired": {"iat": past, "nbf": past, "exp": past + timedelta(hours=1)},
        "of later": {"nbf": datetime.now(UTC) + timedelta(hours=1)},
        "other audience": {"aud": "somebody"},
        "audiences": {"aud": [AUDIENCE, "somebody"]},
        "other issuer": {"iss": "somebody"},
        "other type": {"type": "refresh"},
        "odd type": {"type": ["access"]},
        "no id": {"sub": "admin"},
        "other organization": {"org": str(uuid4())},
    }.get(how, {})
    if how.startswith("without "):
        claims.pop(how.removeprefix("without "))
    match how:
        case "other key":
            return jwt.encode(claims, "another secret of thirty-two bytes!", algorithm="HS256")
        case "token key itself":
            return jwt.encode(claims, TOKEN_KEY, algorithm="HS256")
        case "no signature":
            return jwt.encode(claims, None, algorithm="none")
        case "other algorithm":
            return jwt.encode(claims, secret, algorithm="HS512")
        case "key by header":
            header = {"kid": "../../../../dev/null", "jku": "https://evil.example/keys"}
            return jwt.encode(claims, "what the header points to, 32 bytes", algorithm="HS256", headers=header)
    return jwt.encode(claims | changed, secret, algorithm="HS256")


@pytest.mark.parametrize(
    "how",
    ["expired", "of later", "other audience", "audiences", "other issuer", "other type", "odd type", "no id"]
    + ["other organization", "other key", "token key itself", "no signature", "other algorithm", "key by header"]
    + [f"without {claim}" for claim in ("exp", "nbf", "iat", "iss", "aud", "sub", "org", "type", "jti")],
)
def test_a_token_that_is_wrong_in_one_way_is_refused(http: TestClient, calls: Calls, how: str):
    token = calls("admin").post("/token").json()["access_token"]
    assert bearer(http, forged(token, "nothing")).status_code == 200

    assert bearer(http, forged(token, how)).status_code == 401


@pytest.mark.parametrize(("access", "refresh"), [(86_400, 3600), (3600, 3600), (0, 60)])
def test_a_refresh_token_that_dies_first_keeps_the_process_from_starting(office: Office, access: int, refresh: int):
    with pytest.raises(ConfigurationError, match="must live longer"):
        create_app(office, policy=ApiPolicy(access_seconds=access, refresh_seconds=refresh))


def test_the_environment_says_how_long_tokens_live():
    found = Environment.read({"MAILROOM_ACCESS_TOKEN_SECONDS": "86400", "MAILROOM_REFRESH_TOKEN_SECONDS": "3600"})

    with pytest.raises(ConfigurationError, match="MAILROOM_REFRESH_TOKEN_SECONDS"):
        ApiPolicy.of(found)


def test_a_rate_nobody_can_read_keeps_the_process_from_starting():
    with pytest.raises(ConfigurationError, match="MAILROOM_API_RATE"):
        ApiPolicy(rate="a lot")


def test_whoever_asks_too_often_waits_and_nobody_else(office: Office):
    with TestClient(create_app(office, policy=ApiPolicy(rate="5/minute"))) as http:
        first, second = Caller(http, office.key("viewer")), Caller(http, office.key("viewer"))
        answers = [first.get("/me") for _ in range(7)]

        assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
        assert answers[-1].json()["error"]["code"] == "too_many_requests"
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 61
        assert second.get("/me").status_code == 200


def test_the_usual_rate_passes():
    # 34 requests/s are the whole design's load (S3-090); one key may ask as much.
    seconds, minutes = ApiPolicy().limits

    assert (seconds.amount, seconds.get_expiry()) == (50, 1)
    assert minutes.amount / minutes.get_expiry() >= 34


def test_whoever_guesses_waits(http: TestClient, office: Office):
    guesses = [me(http, X_API_Key="mrk_aaaaaaaa_" + "a" * 44).status_code for _ in range(33)]

    assert guesses[:31] == [401] * 31
    assert guesses[31:] == [429] * 2
