"""Tables of places: units, their types and powers over time, cells, boundaries, named places."""

from django.db import models

from yiwang.kernel.ids import new_id


class Unit(models.Model):
    """A county, town, sub-district, village or community, under its statistics code."""

    code = models.CharField(max_length=12, primary_key=True, help_text="6, 9 or 12 digits")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, default="", blank=True)

    def __str__(self) -> str:
        return self.name


class UnitType(models.Model):
    """What kind of unit it was, from a day to a day: 霞浦 was a 镇 until 2003, then a 街道."""

    class Kind(models.TextChoices):
        COUNTY = "county"
        TOWN = "town"
        TOWNSHIP = "township"
        SUBDISTRICT = "subdistrict"
        VILLAGE = "village"
        COMMUNITY = "community"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="types")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="last day")
    source = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.unit} {self.kind}"


class Power(models.Model):
    """An entry of a dated power list: what units of a kind, or one unit, may do themselves."""

    code = models.CharField(max_length=40)
    unit_kind = models.CharField(max_length=12, choices=UnitType.Kind.choices, blank=True)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, help_text="law and article, or the list's document")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unit__isnull=False) ^ models.Q(unit_kind__gt=""),
                name="power_of_kind_or_of_unit",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Layer(models.Model):
    """A way of dividing the ground: governance grid, city-management grid, responsibility area."""

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, default="", blank=True)

    def __str__(self) -> str:
        return self.name


class Cell(models.Model):
    """A node of a layer. A governance code is unit (12 digits) + grid (3) + micro-grid (3)."""

    code = models.CharField(max_length=24, primary_key=True)
    layer = models.ForeignKey(Layer, on_delete=models.PROTECT)
    name = models.CharField(max_length=80)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    households = models.PositiveIntegerField(null=True, help_text="households, as last reported")
    households_as_of = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["layer", "code"], name="cell_layer")]

    def __str__(self) -> str:
        return self.name


class SizeNorm(models.Model):
    """What a town measures its cells against from a day on; before the first, what ships."""

    since = models.DateField(primary_key=True)
    bounds = models.JSONField(help_text="the fields of rules.SizeNorms but its source")
    source = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.since}"


class CellShape(models.Model):
    """A boundary of a cell from a day on. Stored in WGS-84; the original and its datum are kept."""

    id = models.UUIDField(primary_key=True, default=new_id)
    cell = models.ForeignKey(Cell, on_delete=models.PROTECT, related_name="shapes")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    geometry = models.JSONField(help_text="GeoJSON Polygon or MultiPolygon, degrees WGS-84")
    datum = models.CharField(max_length=10, help_text="wgs84, gcj02 or bd09, as it came in")
    original = models.JSONField(null=True, help_text="the geometry as it came, where datum differs")
    illustrative = models.BooleanField(default=False, help_text="made up: shown as 示意")
    source = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["cell", "since"], name="shape_cell")]

    def __str__(self) -> str:
        return f"{self.cell_id} {self.since}"


class GridProposal(models.Model):
    """A grid divided into micro-grids on trial, until it is adopted, thrown away or too old.

    Of the households it keeps a number at a spot: no names, no doors.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    grid = models.ForeignKey(Cell, on_delete=models.PROTECT, related_name="proposals")
    shape = models.ForeignKey(CellShape, on_delete=models.PROTECT, help_text="what is divided")
    stood = models.CharField(max_length=64, help_text="digest of grid and micro-grids as they were")
    spots = models.JSONField(help_text="[longitude, latitude, households], from west to east")
    part_of = models.JSONField(help_text="the part of each spot, from 0")
    moves = models.JSONField(default=list, help_text="by hand: [spot, from, to]")
    outside = models.PositiveIntegerField(help_text="addresses beyond the boundary, left out")
    seed = models.BigIntegerField()
    seconds = models.FloatField(help_text="the most it searched")
    version = models.PositiveIntegerField(default=1)
    made_by = models.CharField(max_length=60)
    made_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.grid_id} {self.made_at:%Y-%m-%d}"


class Place(models.Model):
    """Anything with a name on the map: hall, market, river, stop."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, default="", blank=True)
    kind = models.CharField(max_length=30)
    area = models.CharField(max_length=24, help_text="code of the unit or cell it lies in")
    longitude = models.FloatField(help_text="degrees WGS-84")
    latitude = models.FloatField(help_text="degrees WGS-84")
    illustrative = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["area", "name"], name="place_area")]

    def __str__(self) -> str:
        return self.name
