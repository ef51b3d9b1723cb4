"""Mail: every text of a message is found, however it is encoded, packed or filed."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsearch import Document
from tests.unit.builtin.test_readers import read, read_file, reason

CHARSETS = ["utf-8", "iso-8859-1", "windows-1252", "utf-16"]
ENCODINGS = ["quoted-printable", "base64"]
LONG = " und dazwischen stehen viele andere Wörter, die niemand sucht" * 2


def marked(random: Random, words: list[str]) -> str:
    """A sentence with a word of its own, which is added to `words`."""
    words.append(f"Müßig{random.getrandbits(40):x}")
    return f"Hier steht {words[-1]}{LONG}."


def text_part(random: Random, words: list[str], subtype: str = "plain", **attachment: str) -> EmailMessage:
    part = EmailMessage()
    text = marked(random, words)
    part.set_content(
        f"<p>{text}</p>" if subtype == "html" else text,
        subtype=subtype,
        charset=random.choice(CHARSETS),
        cte=random.choice(ENCODINGS),
        **attachment,
    )
    return part


def any_part(random: Random, words: list[str], depth: int) -> EmailMessage:
    kind = random.choice(
        ["text", "html", "attachment", "picture", "forwarded", "alternative", "mixed", "related"]
    )
    if kind in ("forwarded", "alternative", "mixed", "related") and depth > 2:
        kind = "text"
    if kind == "html":
        return text_part(random, words, "html")
    if kind == "attachment":
        return text_part(random, words, disposition="attachment", filename="Notizen für alle.txt")
    if kind == "picture":
        part = EmailMessage()
        part.set_content(b"\x89PNG", maintype="image", subtype="png")
        return part
    if kind == "forwarded":
        part = EmailMessage()
        part.set_content(any_message(random, words, depth + 1))
        return part
    if kind in ("alternative", "mixed", "related"):
        part = EmailMessage()
        getattr(part, f"make_{kind}")()
        for _ in range(random.randint(1, 3)):
            part.attach(any_part(random, words, depth + 1))
        return part
    return text_part(random, words)


def any_message(random: Random, words: list[str], depth: int = 0) -> EmailMessage:
    message = any_part(random, words, depth + 1) if depth else EmailMessage()
    if not depth:
        message.make_mixed()
        for _ in range(random.randint(1, 4)):
            message.attach(any_part(random, words, 1))
    if message.get_content_maintype() == "message":
        outer = EmailMessage()
        outer.make_mixed()
        outer.attach(message)
        message = outer
    message["Subject"] = marked(random, words)
    message["From"] = f'"{marked(random, words)}" <someone@example.org>'
    return message


def said(documents: list[Document]) -> str:
    return "\n".join(f"{document.title}\n{document.text}" for document in documents)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(["mail", "apple-mail", "mailbox"]))
def test_every_marked_word_of_a_message_is_found(seed: int, reader: str) -> None:
    words: list[str] = []
    content = any_message(Random(seed), words).as_bytes()
    if reader == "apple-mail":
        content = b"%d\n%s<?xml version='1.0'?><plist/>" % (len(content), content)
    elif reader == "mailbox":
        content = b"From - Mon May 06 07:08:09 2024\n" + content
    found = said(read(reader, content))
    assert [word for word in words if word not in found] == []


def test_a_stub_and_its_page_are_both_read_and_equal_alternatives_once() -> None:
    message = EmailMessage()
    message.set_content("This can only be shown as HTML.")
    message.add_alternative("<p>The wheelbarrow arrives on Thursday before noon.</p>", subtype="html")
    assert "wheelbarrow" in said(read("mail", message.as_bytes()))
    same = EmailMessage()
    same.set_content("The rakes arrive on Friday.")
    same.add_alternative("<p>The rakes arrive on Friday.</p>", subtype="html")
    assert read("mail", same.as_bytes())[0].text == "The rakes arrive on Friday."


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_undeclared_bytes_are_decoded_in_body_and_header(encoding: str) -> None:
    content = "Subject: Grüße\nFrom: Büro <a@example.org>\n\nDie Rückzahlung erfolgt nächste Woche.\n".encode(
        encoding
    )
    [document] = read("mail", content)
    assert document.title == "Grüße"
    assert document.text == "Die Rückzahlung erfolgt nächste Woche.\n\nFrom: Büro <a@example.org>"
    assert bool(document.notices) == (encoding != "utf-8")


HEADER = b"Subject: x\nMIME-Version: 1.0\n"
ENCODED = b"VGhlIGVzdHVhcnkg\ncGlsb3Q=\n"  # "The estuary pilot"


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (b"Content-Transfer-Encoding: base64\n\n" + ENCODED, "The estuary pilot"),
        (b"Content-Transfer-Encoding: base64\n\n" + ENCODED + ENCODED, "The estuary pilotThe estuary pilot"),
        (b"Content-Transfer-Encoding: base64\n\n" + ENCODED + b"-- \nfooter\n", "The estuary pilot-- \nfooter"),
        (b"Content-Transfer-Encoding: base64\n\nit is no base64 at all\n", "it is no base64 at all"),
        (b"Content-Type: multipart/mixed; boundary=never\n\nThe estuary pilot\n", "The estuary pilot"),
        (b"Content-Type: multipart/mixed\n\nThe estuary pilot\n", "The estuary pilot"),
        (b"Content-Type: application/xhtml+xml\n\n<html><p>The estuary</p></html>\n", "The estuary"),
    ],
)  # fmt: skip
def test_a_message_that_is_not_what_it_says_keeps_its_text(message: bytes, text: str) -> None:
    [document] = read("mail", HEADER + message)
    assert document.text == text
    assert document.notices == ()


@pytest.mark.parametrize("encoding", ["utf-7", "hz-gb-2312"])
def test_encodings_of_ascii_bytes_are_decoded(encoding: str) -> None:
    text = "夜班渡船九点开"
    header = f"Subject: x\nContent-Type: text/plain; charset={encoding}\n\n".encode()
    [document] = read("mail", header + text.encode(encoding))
    assert (document.text, document.notices) == (text, ())


def test_what_a_header_says_is_found() -> None:
    names = [
        "From",
        "To",
        "Cc",
        "Bcc",
        "Reply-To",
        "Organization",
        "Newsgroups",
        "Keywords",
        "X-Gmail-Labels",
    ]
    header = "".join(f"{name}: Ann{name} <a@example.org>\n" for name in names)
    [document] = read("mail", f"{header}\nText\n".encode())
    assert all(f"Ann{name}" in document.text for name in names)


def test_what_is_attached_and_not_read_is_said() -> None:
    message = EmailMessage()
    message.set_content("See the plan.")
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="plan.pdf")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="roof.png")
    [document] = read("mail", message.as_bytes())
    assert document.notices == ("attachments not read: plan.pdf",)
    assert document.metadata["attachments"] == ["plan.pdf", "roof.png"]


def test_a_word_split_between_two_encoded_words_of_a_header_is_whole() -> None:
    subject = "=?utf-8?B?U2NobMO8c3NlbA==?= =?utf-8?B?w7xiZXJnYWJl?="
    assert read("mail", f"Subject: {subject}\nFrom: a@example.org\n\nx")[0].title == "Schlüsselübergabe"


MAILBOX = """From a@example.org Mon May  6 07:08:09 2024
From: A <a@example.org>
Subject: Plan

We start at noon.

From Zurich we take the night train, at 8:15 or so.

From here on: nothing is planned.

From b@example.org Tue May  7 07:08:09 2024
From: B <b@example.org>
Subject: Re: Plan

Good.

From whoever
Subject: Third

Fine.
"""


def test_only_a_postmark_begins_a_message_of_a_mailbox() -> None:
    first, second, third = read("mailbox", MAILBOX)
    assert [d.title for d in (first, second, third)] == ["Plan", "Re: Plan", "Third"]
    assert "From Zurich we take the night train" in first.text
    assert "From here on: nothing is planned." in first.text
    assert [d.id for d in (first, second, third)] == ["#message=1", "#message=2", "#message=3"]


@pytest.mark.parametrize(
    ("head", "titles"),
    [
        ("\n\r\n", ["Plan", "Re: Plan", "Third"]),
        ("\ufeff", ["Plan", "Re: Plan", "Third"]),
        ("Subject: Head\n\nText.\n\n", ["Head", "Plan", "Re: Plan", "Third"]),
    ],
)
def test_nothing_above_the_first_postmark_of_a_mailbox_is_lost(head: str, titles: list[str]) -> None:
    assert [document.title for document in read("mailbox", head + MAILBOX)] == titles


def test_a_message_of_apple_mail_without_its_length_is_whole() -> None:
    assert read("apple-mail", "Subject: Plan\n\nWe start.")[0].title == "Plan"


def test_mail_without_an_ending_is_recognised_and_text_stays_text(tmp_path: Path) -> None:
    assert [d.title for d in read_file(tmp_path, "Inbox", MAILBOX)][:2] == ["Plan", "Re: Plan"]
    header = "From: A <a@example.org>\nSubject: Plan\nDate: Mon, 06 May 2024 07:08:09 +0200\n"
    [message] = read_file(tmp_path, "1714972089.M1P2.host_2,S", f"{header}\nWe start.")
    assert message.title == "Plan"
    [note] = read_file(tmp_path, "note.txt", f"{header}\nWe start.")
    assert note.verbatim
    [patch] = read_file(tmp_path, "0001.patch", f"From 1234 Mon Sep 17 00:00:00 2001\n{header}\n---\n+x = 1")
    assert patch.verbatim
    [pep] = read_file(tmp_path, "pep", "PEP: 1\nTitle: Purpose\nAuthor: Ada\n\nText")
    assert pep.verbatim


def test_a_saved_page_is_read_as_a_page() -> None:
    message = EmailMessage()
    message.set_content("<title>Cheese</title><h1>Ripe</h1><p>In a Gewölbekeller.</p>", subtype="html")
    message["Subject"] = "Cheese"
    message.add_related(b"\x89PNG", maintype="image", subtype="png")
    [document] = read("web-archive", message.as_bytes())
    assert (document.title, document.text) == ("Cheese", "Ripe\n\nIn a Gewölbekeller.")


def test_a_broken_message_costs_a_mailbox_no_other() -> None:
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(2000))
    box = f"From a Mon May  6 07:08:09 2024\n{nested}\n\nFrom b Mon May  6 07:08:09 2024\nSubject: Whole\n\nText\n"
    first, second = read("mailbox", box)
    assert second.title == "Whole"
    assert first.notices and "its source is indexed" in first.notices[0]


# Calendars and contacts ------------------------------------------------------------------------------


@given(
    st.lists(st.text("abcdefghij äöü", min_size=30, max_size=200), min_size=1, max_size=6),
    st.integers(20, 75),
)
def test_folded_lines_of_a_calendar_are_whole(texts: list[str], width: int) -> None:
    lines = ["BEGIN:VCALENDAR"]
    for text in texts:
        lines += ["BEGIN:VEVENT", f"SUMMARY:Termin\\, {text}", f"DESCRIPTION:{text}\\nBitte", "END:VEVENT"]
    folded = ["\r\n ".join(line[i : i + width] for i in range(0, len(line), width)) for line in lines]
    [document] = read("calendar", "\r\n".join([*folded, "END:VCALENDAR"]))
    for text in texts:
        assert text.strip() in document.text
        assert f"Termin, {' '.join(text.split())}".strip() in [heading.text for heading in document.headings]
    assert all(document.text[h.start :].startswith("Termin") for h in document.headings)


def test_contacts_are_read_as_people_see_them() -> None:
    card = (
        "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg\n"
        "ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:K=C3=BCchen=\nstudio;Vertrieb\nADR;HOME:;;Am Wall 1;Bremen\n"
        "PHOTO;ENCODING=BASE64:iVBORw0KGgo\nnot a property\nNOTE:knows\\nthe boiler\nEND:VCARD\n"
    )
    [document] = read("contacts", card)
    assert document.text == (
        "N: Jörg Müller\nOrg: Küchenstudio, Vertrieb\nAdr: Am Wall 1, Bremen\nnot a property\nknows\nthe boiler"
    )


def test_only_files_are_left_out_of_a_calendar_and_counted() -> None:
    event = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:data: review meeting\nDESCRIPTION:data:text/plain,is how it begins\n"
        "ATTACH:data:image/png;base64,iVBORw0KGgo\nATTACH;ENCODING=BASE64;VALUE=BINARY:iVBORw0KGgo\nEND:VEVENT\n"
    )
    [document] = read("calendar", event)
    assert document.text == "data: review meeting\ndata:text/plain,is how it begins"
    assert document.notices == ("left out: 2 pictures or files",)


def test_only_dates_are_shown_as_dates() -> None:
    card = (
        "BEGIN:VCARD\nTEL:12345678\nORG:20240101\nBDAY:20240102\nX-SINCE;VALUE=date:20240103\nEND:VCARD\n"
        "BEGIN:VEVENT\nDTSTART;TZID=Europe/Berlin:20240104T070809\nEND:VEVENT\n"
    )
    assert read("contacts", card)[0].text == (
        "Tel: 12345678\nOrg: 20240101\nBday: 2024-01-02\nSince: 2024-01-03\n\nDtstart: 2024-01-04 07:08"
    )


@pytest.mark.parametrize("reader", ["calendar", "contacts"])
def test_what_is_no_calendar_says_so(reader: str) -> None:
    from simsearch import UnreadableFile

    with pytest.raises(UnreadableFile, match="not a"):
        read(reader, "some text")


def test_files_of_programs_are_named_by_what_they_are(tmp_path: Path) -> None:
    assert reason(tmp_path, "Inbox.msf", b'// <!-- <mdb:mork:z v="1.4"/> -->').startswith(
        "index of a Thunderbird folder"
    )
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert reason(tmp_path, "letter.doc", old) == "Word document from before 2007 (.doc): save it as .docx"
    assert reason(tmp_path, "plan.msg", old) == "Outlook message (.msg): save it as .eml"
    assert reason(tmp_path, "unknown", old) == "Office file from before 2007: save it in a newer format"
