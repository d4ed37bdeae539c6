"""storage/data_folder.py: files that were deleted or replaced."""

from poolhouse.storage.data_folder import OpenFiles


def test_lost_files(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("1")
    two.write_text("2")
    files = OpenFiles([one, two])
    assert files.look() is None
    one.write_text("changed in place")
    assert files.look() is None
    two.rename(tmp_path / "moved")
    assert files.look() == two
    two.write_text("another")
    assert files.look() == two
