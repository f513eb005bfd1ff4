"""import-linter's rule for our promises: a package sees of another only what that one promises.

Computed from what is there, so that a new module is covered the moment it exists: a list would be forgotten. Direct imports
count; that `connector` reaches a concrete class *through* an interface is the whole point.
"""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class PromisesContract(Contract):
    """Between packages only the promised modules may be imported; the assembly alone may name everything."""

    type_name = "promises"

    # import-linter puts the values of setup.cfg into the instance under these names.
    packages: list[str] = fields.ListField(subfield=fields.StringField())  # type: ignore[assignment]
    promised: set[str] = fields.SetField(subfield=fields.StringField())  # type: ignore[assignment]
    assembly: str = fields.StringField()  # type: ignore[assignment]

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Return every import between packages that is not promised."""
        broken = []
        for importer in sorted(graph.modules):
            if importer == self.assembly:
                continue
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                if self._package(importer) == self._package(imported) or imported in self.promised:
                    continue
                lines = [d["line_number"] for d in graph.get_import_details(importer=importer, imported=imported)]
                broken.append(f"{importer} -> {imported} (line {', '.join(map(str, lines))})")
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print the imports that are not promised."""
        for line in check.metadata["broken"]:
            output.print_error(line)

    def _package(self, module: str) -> str:
        package = module.partition(".")[0]
        if package not in self.packages:
            raise ValueError(f"{module} belongs to none of the packages")
        return package
