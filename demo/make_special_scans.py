"""Makes the two demo scans that no scanner makes: an encrypted PDF, and a file that only calls itself a PDF.

Not run by the demo: both results are committed. Run it again when they are to change.
"""

from __future__ import annotations

from pathlib import Path

import pikepdf

SCANS_PATH = Path(__file__).parent / "scans"


def main() -> None:
    """Write both files."""
    with pikepdf.open(SCANS_PATH / "财务" / "IMG_20231110_0198.pdf") as pdf:
        pdf.save(SCANS_PATH / "客户服务" / "合同（加密）.pdf", encryption=pikepdf.Encryption(owner="demo", user="demo"))
    listed = "日期,科目,金额\n2024-11-03,采暖费,2310.00\n2024-11-04,滞纳金,12.50\n"
    (SCANS_PATH / "财务" / "收费明细.pdf").write_text(listed, encoding="utf-8")


if __name__ == "__main__":
    main()
