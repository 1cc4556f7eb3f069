import pytest
from django.test import Client

from tests.cast import Cast


@pytest.mark.parametrize("length", [str(121 * 1024 * 1024), "much"])
def test_what_is_larger_than_any_form_is_turned_away_in_words_before_it_is_read(cast: Cast, length: str) -> None:
    answer = Client().post("/adukan/", data=b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=length)
    assert answer.status_code == 413
    assert "sepuluh" in answer.content.decode() or "10 foto" in answer.content.decode()
