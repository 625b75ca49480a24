"""What people do in the story: each waits for its moment, then acts once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import unescape

import httpx

from mailroom.demo import cast, story
from mailroom.demo.post_office import Received
from mailroom.demo.scene import NotReachedError, Scene
from mailroom.demo.story import StoryMail

Reached = Callable[[str], bool]
"""Tells whether the mail of a key is where it must end."""

_SEAL = re.compile(r'name="seal" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Cue:
    """Something that somebody does when its moment has come.

    `act` returns the mails that were sent, nothing when something else was done, None while it is too early.
    """

    waits_for: str
    act: Callable[[], list[StoryMail] | None]


def cues(scene: Scene, reached: Reached) -> list[Cue]:
    """Return every cue of the story."""
    telling = scene.telling
    building = story.building_invoice(telling).number
    furniture = story.furniture_invoice(telling).number
    medical = story.medical_invoice(telling).number
    yes = _Answering(scene, cast.FACILITIES.email, building)
    no = _Answering(scene, cast.FINANCE.email, furniture)
    page = _Answering(scene, cast.MANAGER.email, medical)
    return [
        Cue("the small invoice to be posted", lambda: _copy(scene, reached)),
        Cue(f"the request to {cast.FACILITIES.name}", lambda: yes.reply(story.approving_reply)),
        Cue(f"the request to {cast.FINANCE.name}", lambda: no.reply(story.forged_reply)),
        Cue("the forgery to be refused", lambda: no.reply(story.rejecting_reply) if reached("forged") else None),
        Cue(f"the request to {cast.MANAGER.name}", page.decide_on_the_page),
    ]


def send(scene: Scene, mails: Iterable[StoryMail]) -> None:
    """Hand mails in by SMTP, and keep a copy of each."""
    for mail in mails:
        scene.post.send(mail.raw, mail.sender, mail.recipient, login=mail.login)
        scene.keep.sent(mail)


def _copy(scene: Scene, reached: Reached) -> list[StoryMail] | None:
    if not reached("straight"):
        return None
    mail = story.copy_of_invoice(scene.telling)
    send(scene, [mail])
    scene.show.note(f"{mail.sender} sends the small invoice once more")
    return [mail]


@dataclass(frozen=True, slots=True)
class _Answering:
    """One approver at their mail program: finds the request for an invoice, then answers it."""

    scene: Scene
    address: str
    number: str

    def reply(self, write: Callable[..., StoryMail]) -> list[StoryMail] | None:
        request = self._request()
        if request is None:
            return None
        mail = write(self.scene.telling, request.quoted())
        send(self.scene, [mail])
        self.scene.show.note(f"{mail.title} ({self.number})")
        return [mail]

    def decide_on_the_page(self) -> list[StoryMail] | None:
        request = self._request()
        if request is None:
            return None
        web_url = self.scene.found.environment.web_url
        link = re.search(rf"{re.escape(web_url)}/a/[a-z2-7]+", request.text)
        if link is None:
            raise NotReachedError(f"The request about {self.number} holds no link to {web_url}.")
        with httpx.Client(follow_redirects=True, timeout=20, trust_env=False) as browser:
            page = browser.get(link[0]).raise_for_status()
            self.scene.keep.page("approval", page.text, browser, web_url)
            seal = _SEAL.search(page.text)
            form = {"seal": unescape(seal[1]) if seal else "", "decision": "approve", "reason": "Goods are here"}
            decided = browser.post(link[0], data=form).raise_for_status()
            self.scene.keep.page("approval-done", decided.text, browser, web_url)
        self.scene.show.note(f"{cast.MANAGER.name} opens the link, reads the page and presses Approve ({self.number})")
        return []

    def _request(self) -> Received | None:
        return next((mail for mail in self.scene.post.inbox(self.address) if self.number in mail.subject), None)
