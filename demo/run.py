"""The main job on about fifteen demo scans, start to end: `make demo`.

Not a test (that is `tests/demo`) and not an installer. It only calls `guidang`, and shows each call, so that whoever has
seen the demo knows the commands. Everything it makes stands in `demo/out` (or where GUIDANG_DEMO_OUT says) and may be thrown away.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

DEMO_PATH = Path(__file__).resolve().parent
OUT_PATH = Path(os.environ.get("GUIDANG_DEMO_OUT") or DEMO_PATH / "out")
GUIDANG_PATH = Path(sys.executable).with_name("guidang")
SECOND_COPY = ("客户服务/SCAN0053.PDF", "客户服务/SCAN0053 - 副本.PDF")  # the same bytes under another name

WORDS = {
    "zh": {
        "begin": "归档 guidang 演示：把扫描件变成可检索的电子档案。不需要服务器和网络。",
        "drop": "把 {count} 份扫描件放进三个收件文件夹（{folder}）",
        "work": "识别、分类、认定客户、编档号、归档；两核电脑约需两三分钟",
        "look": """
在哪里看：
  档案（按 居民/非居民 → 小区 → 楼 → 客户 → 类别 排列）  {out}/archive
  收件文件夹里的 done/ failed/ rejected/，不能归档的旁边有说明      {out}/inbox
接下来可以试：
  {guidang} held                     待核验的件和原因
  {guidang} show 档号或件号          一件的全部内容和证据
  {guidang} search 采暖费            全文检索，两个汉字或号码的一部分就够
  {guidang} export                   档案目录（CSV）；加 --json 输出全部数据
  {guidang} run                      一直监视收件文件夹；再放一份扫描件进去看看
""",
    },
    "en": {
        "begin": "guidang demo: scans become a searchable archive. No server, no network.",
        "drop": "Dropping {count} scans into three inboxes ({folder})",
        "work": "Reading, classifying, finding customers, numbering, filing: two or three minutes on two cores",
        "look": """
Where to look:
  the archive (residential or not → area → building → customer → category)   {out}/archive
  done/ failed/ rejected/ in each inbox, a note beside what was not filed    {out}/inbox
What to try next:
  {guidang} held                     what waits for a person, and why
  {guidang} show CODE-OR-ID          all about one record, with the evidence
  {guidang} search 采暖费            full text; two Chinese characters or part of a number will do
  {guidang} export                   the catalogue as CSV; with --json everything
  {guidang} run                      keep watching; drop one more scan into an inbox
""",
    },
}


def main() -> int:
    """Run the demo; return 0 where every scan came to an end."""
    from connector.i18n import chosen_language

    words = WORDS[chosen_language()]
    say(words["begin"])
    shutil.rmtree(OUT_PATH, ignore_errors=True)
    guidang("init", str(OUT_PATH), "--yes")
    config = ("--config", str(OUT_PATH / "guidang.toml"))
    guidang(*config, "customers", "import", str(DEMO_PATH / "customers.csv"), "--yes")
    guidang(*config, "check")
    count = drop_scans(OUT_PATH / "inbox")
    say(words["drop"].format(count=count, folder=OUT_PATH / "inbox"))
    say(words["work"])
    status = guidang(*config, "run", "--once", may_end=(0, 1))  # 1: done, and some wait for a person, as they should
    guidang(*config, "status")
    shown = f"{relative(GUIDANG_PATH)} --config {relative(OUT_PATH / 'guidang.toml')}"
    say(words["look"].format(out=relative(OUT_PATH), guidang=shown))
    return 0 if status in (0, 1) else status


def drop_scans(inbox_path: Path) -> int:
    """Copy the demo scans into their inboxes, one of them twice; return how many files those are."""
    sources = [path for path in sorted((DEMO_PATH / "scans").rglob("*")) if path.is_file()]
    for source in sources:
        shutil.copyfile(source, inbox_path / source.parent.name / source.name)
    first, second = (inbox_path / name for name in SECOND_COPY)
    shutil.copyfile(first, second)
    later = first.stat().st_mtime + 1  # it is the copy that came later
    os.utime(second, (later, later))
    return len(sources) + 1


def guidang(*arguments: str, may_end: tuple[int, ...] = (0,)) -> int:
    """Show and run one call of guidang; ends the demo where it fails."""
    say("\n$ guidang " + " ".join(relative(Path(word)) if os.sep in word else word for word in arguments))
    status = subprocess.run([GUIDANG_PATH, *arguments], check=False).returncode
    if status not in may_end:
        sys.exit(status)
    return status


def relative(path: Path) -> str:
    """Return the path as one types it from here."""
    return os.path.relpath(path)


def say(text: str) -> None:
    """Print at once, so that our words and guidang's stay in order."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
