"""Frameworks of government (体系) as dated member lists, and the track (跑道) each kind stands on.

“141” is one county centre, four township platforms, one grid; “152” a data platform, five fields of
application, two systems. Both were renamed and extended while cases went on. So members and
mappings have dates, and history keeps the names of its day.
"""
