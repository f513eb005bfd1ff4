"""An invented register with everything that makes identifying hard: namesakes, near numbers, closed predecessors.

Numbers are ten digits by ISO 7064 MOD 11,10, like those of the example configuration.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import Engine

from classifiers.customer_number import NumberScheme
from classifiers.number_forms import forms_from
from classifiers.scheme import Scheme, scheme_from
from metadata.register import Register
from metadata.register_import import import_register

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)

ROWS = """\
客户编号,户名,类型,小区,楼号,单元室,地址,供热面积,合同编号,热表号,状态,过户至
1136250642,周明辉,居民,杏林苑,25号楼,3单元1103室,东州市河湾区杏林苑25号楼3单元1103室,121.48,DR-2012-80138,CR44399816,在用,
1136250659,何晓燕,居民,杏林苑,25号楼,3单元1104室,东州市河湾区杏林苑25号楼3单元1104室,98.20,DR-2013-11870,CR44399824,在用,
1178131418,许雅静,居民,春晖园,13号楼,1单元1703室,东州市河湾区春晖园13号楼1单元1703室,140.15,DR-2014-43064,CR79660405,在用,
1240077319,王建国,居民,白桦里,7号楼,2单元301室,东州市城北区白桦里7号楼2单元301室,77.31,DR-2010-55012,CR30011237,在用,
1240081122,王建国,居民,白桦里,17号楼,2单元302室,东州市城北区白桦里17号楼2单元302室,77.31,DR-2011-90377,CR30014460,在用,
1300552048,赵大年,居民,柳营里,4号楼,1单元502室,东州市城北区柳营里4号楼1单元502室,88.62,DR-2001-61314,CR42998207,已过户,1300559912
1300559912,汪志强,居民,柳营里,4号楼,1单元502室,东州市城北区柳营里4号楼1单元502室,88.62,DR-2015-56721,CR42998207,在用,
1405003323,东州市宏运餐饮有限公司,非居民,江滨广场,3号楼,C座12层,东州市城北区江滨广场3号楼C座12层,612.40,DR-2016-20488,CR55170662,在用,
1511000007,孙无地址,居民,,,,,,,,在用,
"""


@cache
def scheme() -> Scheme:
    """Return the scheme of the example configuration."""
    return scheme_from(tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))["scheme"])


@cache
def number_scheme() -> NumberScheme:
    """Return the number scheme of the example configuration: ten digits, blanks and hyphens between, MOD 11,10."""
    section = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))["customer_number"]
    return NumberScheme(forms_from(section), 0.8, scheme())


def register_in(engine: Engine, folder: Path) -> Register:
    """Import the invented customers and return their register."""
    path = folder / "customers.csv"
    path.write_text(ROWS, encoding="utf-8")
    import_register(engine, path, {}, number_scheme(), NOW)
    return Register(engine)
