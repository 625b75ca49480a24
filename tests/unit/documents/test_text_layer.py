import io

import pikepdf
import pytest

from mailroom.demo.paper_sheet import Sheet
from mailroom.documents.rows import rows_of
from mailroom.documents.text_layer import opened, read_pages


def _words(content):
    with opened(content) as document:
        page = read_pages(document)[0]
    return page, {word.text: word for word in page.words}


def _sheet():
    sheet = Sheet("helvetica", 10)
    sheet.text(100, 200, "Rechnungsnummer 4711")
    sheet.text(300, 200, "Seite eins")
    return sheet.finished()


def test_a_word_has_its_box_from_the_top_left():
    page, words = _words(_sheet())

    box = words["Rechnungsnummer"]
    assert (round(page.width), round(page.height)) == (595, 842)
    assert box.x0 == pytest.approx(100, abs=1.5)
    # Helvetica 10 pt on a baseline 200 pt from the top: ascent 7.2 to 9.3, descent about 2.1
    assert 188 < box.top < 194
    assert 200 < box.bottom < 204


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_page_is_read_as_it_is_shown(angle):
    """A page turned by its author and turned back by /Rotate reads like the page before."""
    plain = _words(_sheet())[1]["Rechnungsnummer"]
    with pikepdf.open(io.BytesIO(_sheet())) as document:
        page = document.pages[0]
        turn = {90: (0, 1, -1, 0, 842, 0), 180: (-1, 0, 0, -1, 595, 842), 270: (0, -1, 1, 0, 0, 595)}[angle]
        page.contents_add(f"q {' '.join(map(str, turn))} cm".encode(), prepend=True)
        page.contents_add(b"Q")
        page.mediabox = [0, 0, 842, 595] if angle != 180 else [0, 0, 595, 842]
        page.Rotate = angle
        turned = io.BytesIO()
        document.save(turned)

    page, words = _words(turned.getvalue())

    assert (round(page.width), round(page.height)) == (595, 842)
    assert words["Rechnungsnummer"][1:] == pytest.approx(plain[1:], abs=2.5)


def test_what_lies_outside_the_crop_box_is_not_read():
    with pikepdf.open(io.BytesIO(_sheet())) as document:
        document.pages[0].cropbox = [50, 500, 280, 842]
        cropped = io.BytesIO()
        document.save(cropped)

    page, words = _words(cropped.getvalue())

    assert set(words) == {"Rechnungsnummer", "4711"}
    assert words["Rechnungsnummer"].x0 == pytest.approx(50, abs=1.5)
    assert round(page.width) == 230


def test_a_wide_gap_parts_cells_and_a_space_does_not():
    with opened(_sheet()) as document:
        row = rows_of(read_pages(document)[0])[0]

    assert [cell.text for cell in row.cells] == ["Rechnungsnummer 4711", "Seite eins"]


def test_letters_set_wide_are_one_word():
    sheet = Sheet("helvetica", 12)
    for place, letter in enumerate("RECHNUNG"):
        sheet.text(100 + 16 * place, 100, letter)
    sheet.text(100, 140, "Nummer 12345678")

    with opened(sheet.finished()) as document:
        rows = rows_of(read_pages(document)[0])

    assert rows[0].text == "RECHNUNG"
