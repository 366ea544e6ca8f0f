-- Queries of the agency for itself under edges.contract.json, which has a column of each type and grain: each place in a query, with what may stand there
-- and what may not. The rules are contracts/spec/0003 and 0008. The marker is that of queries.sql.

-- ===== keys =====
--# B01 | a date finer than its grain | expect=REJECT:GRAIN
SELECT born AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B02 | a date on its grain | expect=ALLOW
SELECT date_trunc('month', born) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B03 | a date on a multiple of its grain | expect=ALLOW
SELECT date_trunc('quarter', born) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B04 | weeks lie across months | expect=REJECT:GRAIN
SELECT date_trunc('week', born) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B05 | a period that is none here | expect=REJECT:FUNCTION
SELECT date_trunc('decade', born) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B06 | a number is no period | expect=REJECT:BIND
SELECT date_trunc('3', seen) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B07 | no period | expect=REJECT:BIND
SELECT date_trunc('', seen) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B08 | a period from a column | expect=REJECT:FUNCTION
SELECT date_trunc(region, seen) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B09 | the other name | expect=ALLOW
SELECT datetrunc('day', seen) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B10 | a date without a grain | expect=ALLOW
SELECT date_trunc('day', met) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B11 | number of the month | expect=ALLOW
SELECT date_part('month', born) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B12 | the other name, number of the quarter | expect=ALLOW
SELECT datepart('quarter', born) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B13 | days of the week are finer than a month | expect=REJECT:GRAIN
SELECT date_part('isodow', born) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B14 | extract is date_part | expect=ALLOW
SELECT extract(year FROM seen) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B15 | year | expect=ALLOW
SELECT year(born) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B16 | quarter | expect=ALLOW
SELECT quarter(born) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B17 | month | expect=ALLOW
SELECT month(seen) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B18 | day of the week | expect=ALLOW
SELECT isodow(seen) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B19 | a number of the calendar that is none here | expect=REJECT:FUNCTION
SELECT week(born) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B20 | hours | expect=REJECT:FUNCTION
SELECT date_part('hour', seen) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B21 | an integer finer than its grain | expect=REJECT:GRAIN
SELECT visits AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B22 | a band on the grain | expect=ALLOW
SELECT (visits // 10) * 10 AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B23 | a band with its sides exchanged | expect=ALLOW
SELECT 20 * (visits // 20) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B24 | floor of a quotient | expect=ALLOW
SELECT floor(visits / 30) * 30 AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B25 | less the rest | expect=ALLOW
SELECT visits - visits % 10 AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B26 | the rest of another column | expect=REJECT:FUNCTION
SELECT visits - points % 10 AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B27 | the number of the band | expect=ALLOW
SELECT visits // 10 AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B28 | the number of the band by floor | expect=ALLOW
SELECT floor(visits / 10) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B29 | floor where values are negative | expect=REJECT:FUNCTION
SELECT floor(points / 10) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B30 | bands around zero without a grain | expect=ALLOW
SELECT points // 10 AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B31 | a band that lies across the grain | expect=REJECT:GRAIN
SELECT (visits // 15) * 15 AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B32 | a band of two widths | expect=REJECT:FUNCTION
SELECT (visits // 10) * 20 AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B33 | a band of no width | expect=REJECT:FUNCTION
SELECT (visits // 0) * 0 AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B34 | a band of negative width | expect=REJECT:FUNCTION
SELECT (visits // -10) * -10 AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B35 | the widest band | expect=REJECT:GRAIN
SELECT (visits // 2147483647) * 2147483647 AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B36 | the widest number | expect=ALLOW
SELECT points // 2147483647 AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B37 | wider than the widest | expect=REJECT:FUNCTION
SELECT points // 2147483648 AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B38 | the narrowest | expect=ALLOW
SELECT points // 1 AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B39 | a decimal finer than its grain | expect=REJECT:GRAIN
SELECT height AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B40 | a decimal without a grain | expect=ALLOW
SELECT weight AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B41 | a boolean | expect=ALLOW
SELECT vip AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B42 | a UUID | expect=ALLOW
SELECT house AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B43 | a constant | expect=ALLOW
SELECT 12 AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B44 | a text | expect=ALLOW
SELECT 'all' AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B45 | nothing | expect=REJECT:CAST
SELECT NULL AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B46 | a number too long to be released | expect=REJECT:CAST
SELECT 12345678901234567890123456789012345678901 AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B47 | a conversion that the engine leaves out | expect=REJECT:CAST
SELECT region::VARCHAR AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B48 | a column converted | expect=REJECT:CAST
SELECT points::BIGINT AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B49 | a function inside a conversion | expect=REJECT:CAST
SELECT CAST(lower(region) AS DATE) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B50 | CASE inside a conversion | expect=REJECT:CAST
SELECT CAST(CASE WHEN vip THEN '1' ELSE '2' END AS INTEGER) AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B51 | CASE | expect=REJECT:FUNCTION
SELECT CASE WHEN vip THEN 1 ELSE 2 END AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B52 | a comparison as a key | expect=REJECT:FUNCTION
SELECT vip = true AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B53 | a conjunction as a key | expect=REJECT:FUNCTION
SELECT vip AND vip AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B54 | a list as a key | expect=REJECT:FUNCTION
SELECT [region] AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B55 | the number of a row | expect=REJECT:CONTEXT:rowid:GROUP
SELECT rowid AS k, count(*) AS n FROM brand.customers GROUP BY k
--# B56 | keys twice | expect=ALLOW
SELECT region, region, count(*) FROM brand.customers GROUP BY region
--# B57 | several keys without names | expect=ALLOW
SELECT date_trunc('month', born), date_trunc('year', born), vip, 7, count(*), count(*), count(DISTINCT house), sum(points), count(*) + 1 FROM brand.customers GROUP BY ALL
--# B58 | names that are keywords and that repeat | expect=ALLOW
SELECT region AS "count", count(*) AS "Count", sum(points) AS "a b" FROM brand.customers GROUP BY region
--# B59 | a star over a subquery | expect=ALLOW
SELECT * FROM (SELECT region, count(*) AS n, sum(points) FROM brand.customers GROUP BY region)
--# B60 | a star over a subquery, in order, cut | expect=ALLOW
SELECT * FROM (SELECT region AS r, count(*) AS n FROM brand.customers GROUP BY region) ORDER BY n DESC NULLS FIRST, r LIMIT 3
--# B61 | an alias behind a star that is no plain name | expect=ALLOW
SELECT * FROM (SELECT region AS "a-b", count(*) AS "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn" FROM brand.customers GROUP BY region)
--# B62 | grouping sets | expect=REJECT:GROUPING_SETS
SELECT region, vip, count(*) FROM brand.customers GROUP BY GROUPING SETS ((region), (vip))
--# B63 | one grouping set | expect=ALLOW
SELECT region, count(*) FROM brand.customers GROUP BY GROUPING SETS ((region))

-- ===== conditions on rows =====
--# B64 | a boolean alone | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE vip
--# B65 | not a boolean | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE NOT vip
--# B66 | a boolean compared | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE vip = false
--# B67 | is null | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE vip IS NULL
--# B68 | is not null | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE region IS NOT NULL
--# B69 | one of some | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE points IN (1, 2, 3)
--# B70 | none of some | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE points NOT IN (1, 2)
--# B71 | one of some and of nothing | expect=REJECT:CAST
SELECT count(*) FROM brand.customers WHERE points IN (1, NULL)
--# B72 | one of a column | expect=REJECT:OP
SELECT count(*) FROM brand.customers WHERE region IN ('north', region)
--# B73 | one of a constant function | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE region IN ('north', lower('A'))
--# B74 | single values finer than the grain | expect=REJECT:GRAIN
SELECT count(*) FROM brand.customers WHERE visits IN (10, 20)
--# B75 | below, on the grain | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE visits < 20
--# B76 | up to, on the grain | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE visits <= 19
--# B77 | up to, across the grain | expect=REJECT:GRAIN
SELECT count(*) FROM brand.customers WHERE visits <= 20
--# B78 | a literal first | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE 20 <= visits
--# B79 | a literal first, above | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE 20 > visits
--# B80 | a literal first, across the grain | expect=REJECT:GRAIN
SELECT count(*) FROM brand.customers WHERE 25 > visits
--# B81 | equal is finer than the grain | expect=REJECT:GRAIN
SELECT count(*) FROM brand.customers WHERE visits = 20
--# B82 | not equal too | expect=REJECT:GRAIN
SELECT count(*) FROM brand.customers WHERE visits <> 20
--# B83 | the largest integer | expect=REJECT:GRAIN
SELECT count(*) FROM brand.customers WHERE visits < 9223372036854775807
--# B84 | beyond the largest | expect=REJECT:GRAIN
SELECT count(*) FROM brand.customers WHERE visits < 9223372036854775808
--# B85 | an integer compared with a fraction | expect=REJECT:GRAIN
SELECT count(*) FROM brand.customers WHERE points < 2.5
--# B86 | an integer compared with a whole decimal | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE points < 2.0
--# B87 | an integer compared with a larger type | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE points < 3000000000
--# B88 | a column without the use | expect=REJECT:CONTEXT:code:FILTER
SELECT count(*) FROM brand.customers WHERE code > 5
--# B89 | a decimal on the grain | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE height < 1.5
--# B90 | a decimal across the grain | expect=REJECT:GRAIN
SELECT count(*) FROM brand.customers WHERE height < 1.25
--# B91 | a decimal up to the grain | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE height <= 1.49
--# B92 | more digits than the column | expect=REJECT:GRAIN
SELECT count(*) FROM brand.customers WHERE height < 1.505
--# B93 | a decimal compared with an integer | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE height < 2
--# B94 | a decimal without a grain | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE weight = 70.5
--# B95 | a binary fraction | expect=REJECT:CAST
SELECT count(*) FROM brand.customers WHERE weight < 1e2
--# B96 | a date on the grain | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE born < DATE '2000-02-01'
--# B97 | a date across the grain | expect=REJECT:GRAIN
SELECT count(*) FROM brand.customers WHERE born < DATE '2000-02-02'
--# B98 | a date compared with a moment | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE born < TIMESTAMP '2000-02-01 00:00:00'
--# B99 | a date compared with noon | expect=REJECT:GRAIN
SELECT count(*) FROM brand.customers WHERE born < TIMESTAMP '2000-02-01 12:00:00'
--# B100 | after the last day | expect=REJECT:GRAIN
SELECT count(*) FROM brand.customers WHERE born > DATE '9999-12-31'
--# B101 | after the last day, without a grain | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE met > DATE '9999-12-31'
--# B102 | a moment compared with a date | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE seen >= DATE '2026-01-01'
--# B103 | a moment without a grain | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE seen < TIMESTAMP '2026-01-01 00:00:00.000001'
--# B104 | a moment with a zone | expect=REJECT:CAST
SELECT count(*) FROM brand.customers WHERE seen < TIMESTAMPTZ '2026-01-01 00:00:00+00'
--# B105 | a text | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE region = 'north'
--# B106 | a text in order | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE region < 'north'
--# B107 | a text and a number | expect=REJECT:CAST
SELECT count(*) FROM brand.customers WHERE region = 5
--# B108 | a pattern | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE region LIKE 'n%'
--# B109 | a function | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE upper(region) = 'NORTH'
--# B110 | a function of a constant | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE region = upper('north')
--# B111 | a UUID | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE house = '6f1ed002-ab5d-4c42-8c06-7c2b6a8a3f10'
--# B112 | a text that is no UUID | expect=REJECT:CAST
SELECT count(*) FROM brand.customers WHERE house = 'nobody'
--# B113 | a column without the use | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE email_sha256 = repeat('a', 64)
--# B114 | two columns | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers WHERE points = visits
--# B115 | two constants | expect=REJECT:OP
SELECT count(*) FROM brand.customers WHERE 1 = 1
--# B116 | arithmetic | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE points + 1 = 5
--# B117 | between | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE points BETWEEN 1 AND 5
--# B118 | distinct from | expect=REJECT:OP
SELECT count(*) FROM brand.customers WHERE points IS DISTINCT FROM 5
--# B119 | a comparison compared | expect=REJECT:OP
SELECT count(*) FROM brand.customers WHERE (points > 1) = true
--# B120 | coalesce | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE coalesce(vip, false)
--# B121 | CASE | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE CASE WHEN vip THEN true ELSE false END
--# B122 | a conversion that loses order | expect=REJECT:CAST
SELECT count(*) FROM brand.customers WHERE points::VARCHAR = '5'
--# B123 | a conversion that may fail | expect=REJECT:CAST
SELECT count(*) FROM brand.customers WHERE TRY_CAST(points AS BIGINT) = 5
--# B124 | and, or, not | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE points = 5 OR (region = 'north' AND NOT (vip OR height >= 1.5))
--# B125 | a part that is refused | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE points = 5 OR lower(region) = 'n'
--# B126 | a subquery | expect=REJECT:OP
SELECT count(*) FROM brand.customers WHERE points > (SELECT 5)
--# B127 | nothing at all | expect=REJECT:OP
SELECT count(*) FROM brand.customers WHERE false
--# B128 | a condition that is nothing | expect=REJECT:OP
SELECT count(*) FROM brand.customers WHERE NULL
--# B129 | the number of a row | expect=REJECT:CONTEXT:rowid:FILTER
SELECT count(*) FROM brand.customers WHERE rowid = 5
--# B130 | null of null | expect=REJECT:OP
SELECT count(*) FROM brand.customers WHERE points IS NULL IS NULL
--# B131 | not null | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE NOT (points IS NULL)
--# B132 | equal to nothing | expect=REJECT:CAST
SELECT count(*) FROM brand.customers WHERE region = NULL

-- ===== joins =====
--# B133 | UUIDs | expect=ALLOW
SELECT count(*) FROM brand.customers c JOIN brand.orders o ON c.house = o.house
--# B134 | integers of two sizes | expect=ALLOW
SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.code = i.code
--# B135 | integers of two sizes, the other way | expect=ALLOW
SELECT count(*) FROM pub.impressions i JOIN brand.customers c ON i.code = c.code
--# B136 | an integer and a text | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c JOIN agency.seeds s ON c.code = s.code
--# B137 | a text and an integer | expect=REJECT:JOIN
SELECT count(*) FROM agency.seeds s JOIN pub.impressions i ON s.code = i.code
--# B138 | two texts of one type | expect=ALLOW
SELECT count(*) FROM agency.seeds s JOIN brand.customers c ON s.code = c.user_id
--# B139 | a UUID and a text | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c JOIN brand.orders o ON c.house = o.user_id
--# B140 | an inequality | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.code < i.code
--# B141 | an expression | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.code + 1 = i.code
--# B142 | a constant | expect=REJECT:CONTEXT:code:FILTER
SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.code = 5
--# B143 | always true | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON true
--# B144 | a comma | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c, pub.impressions i
--# B145 | a comma and a condition | expect=REJECT:CONTEXT:code:FILTER
SELECT count(*) FROM brand.customers c, pub.impressions i WHERE c.code = i.code
--# B146 | an outer join | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c LEFT JOIN pub.impressions i ON c.code = i.code
--# B147 | a semi join | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c SEMI JOIN pub.impressions i ON c.code = i.code
--# B148 | a lateral join | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c JOIN LATERAL (SELECT i.code FROM pub.impressions i WHERE i.code = c.code) x ON true
--# B149 | a column without the use | expect=REJECT:CONTEXT:region:JOIN
SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.region = i.device
--# B150 | the number of a row | expect=REJECT:CONTEXT:rowid:JOIN
SELECT count(*) FROM brand.customers c JOIN agency.seeds s ON c.rowid = s.rowid
--# B151 | an aggregated result | expect=REJECT:CONTEXT:user_id:GROUP
SELECT count(*) FROM (SELECT user_id, count(*) FROM brand.customers GROUP BY user_id) c JOIN pub.impressions i ON c.user_id = i.user_id
--# B152 | rows in order | expect=REJECT:OP_POSITION
SELECT count(*) FROM (SELECT * FROM brand.customers ORDER BY region) c JOIN pub.impressions i ON c.user_id = i.user_id
--# B153 | rows in order on the right | expect=REJECT:OP_POSITION
SELECT count(*) FROM pub.impressions i JOIN (SELECT * FROM brand.customers ORDER BY region) c ON c.user_id = i.user_id
--# B154 | some rows | expect=REJECT:OP_POSITION
SELECT count(*) FROM (SELECT * FROM brand.customers LIMIT 5) c JOIN pub.impressions i ON c.user_id = i.user_id
--# B155 | sixteen tables | expect=ALLOW
SELECT count(*) FROM brand.customers c0 JOIN brand.customers c1 ON c1.user_id = c0.user_id JOIN brand.customers c2 ON c2.user_id = c0.user_id JOIN brand.customers c3 ON c3.user_id = c0.user_id JOIN brand.customers c4 ON c4.user_id = c0.user_id JOIN brand.customers c5 ON c5.user_id = c0.user_id JOIN brand.customers c6 ON c6.user_id = c0.user_id JOIN brand.customers c7 ON c7.user_id = c0.user_id JOIN brand.customers c8 ON c8.user_id = c0.user_id JOIN brand.customers c9 ON c9.user_id = c0.user_id JOIN brand.customers c10 ON c10.user_id = c0.user_id JOIN brand.customers c11 ON c11.user_id = c0.user_id JOIN brand.customers c12 ON c12.user_id = c0.user_id JOIN brand.customers c13 ON c13.user_id = c0.user_id JOIN brand.customers c14 ON c14.user_id = c0.user_id JOIN brand.customers c15 ON c15.user_id = c0.user_id
--# B156 | seventeen tables | expect=REJECT:OP
SELECT count(*) FROM brand.customers c0 JOIN brand.customers c1 ON c1.user_id = c0.user_id JOIN brand.customers c2 ON c2.user_id = c0.user_id JOIN brand.customers c3 ON c3.user_id = c0.user_id JOIN brand.customers c4 ON c4.user_id = c0.user_id JOIN brand.customers c5 ON c5.user_id = c0.user_id JOIN brand.customers c6 ON c6.user_id = c0.user_id JOIN brand.customers c7 ON c7.user_id = c0.user_id JOIN brand.customers c8 ON c8.user_id = c0.user_id JOIN brand.customers c9 ON c9.user_id = c0.user_id JOIN brand.customers c10 ON c10.user_id = c0.user_id JOIN brand.customers c11 ON c11.user_id = c0.user_id JOIN brand.customers c12 ON c12.user_id = c0.user_id JOIN brand.customers c13 ON c13.user_id = c0.user_id JOIN brand.customers c14 ON c14.user_id = c0.user_id JOIN brand.customers c15 ON c15.user_id = c0.user_id JOIN brand.customers c16 ON c16.user_id = c0.user_id
--# B157 | common tables of common tables | expect=ALLOW
WITH a0 AS (SELECT * FROM brand.customers), a1 AS (SELECT l.* FROM a0 l JOIN a0 r ON l.user_id = r.user_id), a2 AS (SELECT l.* FROM a1 l JOIN a1 r ON l.user_id = r.user_id), a3 AS (SELECT l.* FROM a2 l JOIN a2 r ON l.user_id = r.user_id) SELECT count(*) FROM a3
--# B158 | a profile against a digest without one | expect=REJECT:PROFILE_MISMATCH
SELECT count(*) FROM brand.customers c JOIN agency.seeds s ON c.email_sha256 = s.user_id

-- ===== aggregates =====
--# B159 | count of a column | expect=REJECT:AGG_ARG
SELECT count(points) AS x FROM brand.customers
--# B160 | people by points, which may be told apart | expect=ALLOW
SELECT count(DISTINCT points) AS x FROM brand.customers
--# B161 | finer than the grain | expect=REJECT:CONTEXT:visits:AGG
SELECT count(DISTINCT visits) AS x FROM brand.customers
--# B162 | moments | expect=ALLOW
SELECT count(DISTINCT seen) AS x FROM brand.customers
--# B163 | digests | expect=ALLOW
SELECT count(DISTINCT email_sha256) AS x FROM brand.customers
--# B164 | a boolean | expect=ALLOW
SELECT count(DISTINCT vip) AS x FROM brand.customers
--# B165 | sum of different values | expect=REJECT:AGG_ARG
SELECT sum(DISTINCT points) AS x FROM brand.customers
--# B166 | a text | expect=REJECT:BIND
SELECT sum(region) AS x FROM brand.customers
--# B167 | without the use | expect=REJECT:CONTEXT:weight:AGG
SELECT sum(weight) AS x FROM brand.customers
--# B168 | without the use of averages | expect=REJECT:CONTEXT:height:AGG
SELECT avg(height) AS x FROM brand.customers
--# B169 | an expression | expect=REJECT:AGG_ARG
SELECT sum(points + 1) AS x FROM brand.customers
--# B170 | a boolean | expect=REJECT:AGG_ARG
SELECT sum(vip) AS x FROM brand.customers
--# B171 | the least | expect=REJECT:AGG_FN
SELECT min(points) AS x FROM brand.customers
--# B172 | any | expect=REJECT:AGG_FN
SELECT first(points) AS x FROM brand.customers
--# B173 | texts | expect=REJECT:AGG_FN
SELECT string_agg(region) AS x FROM brand.customers
--# B174 | with a filter | expect=REJECT:AGG_FILTER
SELECT count(*) FILTER (WHERE vip) AS x FROM brand.customers
--# B175 | in order | expect=REJECT:AGG_ORDER
SELECT sum(points ORDER BY points) AS x FROM brand.customers
--# B176 | rows by number | expect=REJECT:AGG_ARG
SELECT count(rowid) AS x FROM brand.customers
--# B177 | numbers of rows | expect=REJECT:CONTEXT:rowid:AGG
SELECT sum(rowid) AS x FROM brand.customers
--# B178 | an expression | expect=REJECT:AGG_ARG
SELECT count(DISTINCT points + 0) AS x FROM brand.customers
--# B179 | a constant | expect=REJECT:AGG_ARG
SELECT count(1) AS x FROM brand.customers
--# B180 | a constant in a sum | expect=REJECT:AGG_ARG
SELECT sum(1) AS x FROM brand.customers
--# B181 | nothing | expect=REJECT:AGG_ARG
SELECT count(NULL) AS x FROM brand.customers
--# B182 | a window | expect=REJECT:OP
SELECT sum(count(*)) OVER () AS x FROM brand.customers
--# B183 | a window over rows | expect=REJECT:OP
SELECT count(*) OVER (PARTITION BY region) AS x FROM brand.customers
--# B184 | variance | expect=ALLOW
SELECT var_samp(points) AS x FROM brand.customers
--# B185 | a slope | expect=ALLOW
SELECT regr_slope(points, visits) AS x FROM brand.customers
--# B186 | with a text | expect=REJECT:BIND
SELECT corr(points, region) AS x FROM brand.customers
--# B187 | without the use | expect=REJECT:AGG_ARG
SELECT covar_pop(points, weight) AS x FROM brand.customers
--# B188 | of different values | expect=REJECT:AGG_ARG
SELECT stddev(DISTINCT points) AS x FROM brand.customers
--# B189 | nested aggregates | expect=REJECT:NESTED_AGG
SELECT sum(n) FROM (SELECT region, count(*) AS n FROM brand.customers GROUP BY region)
--# B190 | rows in order below | expect=REJECT:OP_POSITION
SELECT count(*) FROM (SELECT region FROM brand.customers ORDER BY region)
--# B191 | some rows below | expect=REJECT:OP_POSITION
SELECT count(*) FROM (SELECT region FROM brand.customers LIMIT 10)
--# B192 | some rows by order below | expect=REJECT:OP_POSITION
SELECT count(*) FROM (SELECT region FROM brand.customers ORDER BY region LIMIT 10)
--# B193 | a sample | expect=REJECT:SAMPLE
SELECT count(*) FROM brand.customers USING SAMPLE 10%
--# B194 | distinct rows | expect=REJECT:OP
SELECT count(*) FROM (SELECT DISTINCT region FROM brand.customers)
--# B195 | a union | expect=REJECT:OP
SELECT count(*) FROM (SELECT region FROM brand.customers UNION ALL SELECT region FROM brand.customers)
--# B196 | only rows | expect=REJECT:CONTEXT:region:LIST
SELECT region FROM brand.customers
--# B197 | keys alone | expect=ALLOW
SELECT region FROM brand.customers GROUP BY region
--# B198 | a function as a table | expect=REJECT:TABLE_FUNCTION
SELECT count(*) FROM range(10)
--# B199 | no table | expect=REJECT:OP
SELECT 1
--# B200 | values | expect=REJECT:OP
SELECT count(*) FROM (VALUES (1), (2)) t
--# B201 | a table that is none | expect=REJECT:TABLE
SELECT count(*) FROM brand.nothing
--# B202 | a column that is none | expect=REJECT:BIND
SELECT sum(nothing) FROM brand.customers

-- ===== outputs =====
--# B203 | a sum | expect=ALLOW
SELECT count(*) + 1 AS x FROM brand.customers
--# B204 | a sign | expect=ALLOW
SELECT -count(*) AS x FROM brand.customers
--# B205 | a difference | expect=ALLOW
SELECT count(*) - 1 AS x FROM brand.customers
--# B206 | a product | expect=ALLOW
SELECT count(*) * 2.5 AS x FROM brand.customers
--# B207 | a quotient by a number | expect=ALLOW
SELECT count(*) / 4 AS x FROM brand.customers
--# B208 | a quotient by zero | expect=REJECT:FUNCTION
SELECT count(*) / 0 AS x FROM brand.customers
--# B209 | without nullif | expect=REJECT:FUNCTION
SELECT sum(points) / count(*) AS x FROM brand.customers
--# B210 | with nullif | expect=ALLOW
SELECT sum(points) / nullif(count(*), 0) AS x FROM brand.customers
--# B211 | with nullif of another number | expect=REJECT:FUNCTION
SELECT sum(points) / nullif(count(*), 1) AS x FROM brand.customers
--# B212 | nullif alone | expect=ALLOW
SELECT nullif(count(*), 5) AS x FROM brand.customers
--# B213 | nullif of a constant | expect=ALLOW
SELECT nullif(5, count(*)) AS x FROM brand.customers
--# B214 | nullif of two results | expect=ALLOW
SELECT nullif(count(*), sum(points)) AS x FROM brand.customers
--# B215 | the rest | expect=REJECT:FUNCTION
SELECT count(*) % 10 AS x FROM brand.customers
--# B216 | a whole quotient | expect=REJECT:FUNCTION
SELECT count(*) // 10 AS x FROM brand.customers
--# B217 | a power | expect=REJECT:FUNCTION
SELECT count(*) ** 2 AS x FROM brand.customers
--# B218 | absolute | expect=ALLOW
SELECT abs(sum(points)) AS x FROM brand.customers
--# B219 | absolute by its sign | expect=ALLOW
SELECT @sum(points) AS x FROM brand.customers
--# B220 | floor | expect=ALLOW
SELECT floor(avg(points)) AS x FROM brand.customers
--# B221 | ceil | expect=ALLOW
SELECT ceil(avg(points)) AS x FROM brand.customers
--# B222 | ceiling | expect=ALLOW
SELECT ceiling(avg(points)) AS x FROM brand.customers
--# B223 | round | expect=ALLOW
SELECT round(avg(points)) AS x FROM brand.customers
--# B224 | round to two digits | expect=ALLOW
SELECT round(avg(points), 2) AS x FROM brand.customers
--# B225 | round to hundreds | expect=ALLOW
SELECT round(sum(points), -2) AS x FROM brand.customers
--# B226 | round to the last digit | expect=ALLOW
SELECT round(avg(points), 18) AS x FROM brand.customers
--# B227 | beyond the last digit | expect=REJECT:FUNCTION
SELECT round(avg(points), 19) AS x FROM brand.customers
--# B228 | round to the first digit | expect=ALLOW
SELECT round(sum(points), -18) AS x FROM brand.customers
--# B229 | beyond the first digit | expect=REJECT:FUNCTION
SELECT round(sum(points), -19) AS x FROM brand.customers
--# B230 | round to a result | expect=REJECT:CAST
SELECT round(avg(points), count(*)::INTEGER) AS x FROM brand.customers
--# B231 | a root | expect=REJECT:FUNCTION
SELECT sqrt(count(*)) AS x FROM brand.customers
--# B232 | a logarithm | expect=REJECT:FUNCTION
SELECT ln(count(*)) AS x FROM brand.customers
--# B233 | the greater | expect=ALLOW
SELECT greatest(count(*), 5) AS x FROM brand.customers
--# B234 | the least of three | expect=ALLOW
SELECT least(count(*), 5, sum(points)) AS x FROM brand.customers
--# B235 | of a root | expect=REJECT:FUNCTION
SELECT greatest(count(*), sqrt(4)) AS x FROM brand.customers
--# B236 | texts alone | expect=REJECT:FUNCTION
SELECT greatest('a', 'b') AS x FROM brand.customers
--# B237 | nothing as zero | expect=ALLOW
SELECT coalesce(sum(points), 0) AS x FROM brand.customers
--# B238 | the first of three | expect=ALLOW
SELECT coalesce(sum(points), avg(visits), 0) AS x FROM brand.customers
--# B239 | nothing at the end | expect=REJECT:CAST
SELECT coalesce(sum(points), NULL) AS x FROM brand.customers
--# B240 | of a root | expect=REJECT:FUNCTION
SELECT coalesce(sum(points), sqrt(4)) AS x FROM brand.customers
--# B241 | as a binary fraction | expect=REJECT:CAST
SELECT sum(points)::DOUBLE AS x FROM brand.customers
--# B242 | as a decimal | expect=REJECT:CAST
SELECT sum(height)::DECIMAL(18,2) AS x FROM brand.customers
--# B243 | as an integer | expect=REJECT:CAST
SELECT count(*)::BIGINT AS x FROM brand.customers
--# B244 | as a text | expect=REJECT:CAST
SELECT count(*)::VARCHAR AS x FROM brand.customers
--# B245 | as a smaller integer | expect=REJECT:CAST
SELECT count(*)::INTEGER AS x FROM brand.customers
--# B246 | that may fail | expect=REJECT:CAST
SELECT TRY_CAST(count(*) AS BIGINT) AS x FROM brand.customers
--# B247 | a comparison | expect=REJECT:FUNCTION
SELECT count(*) > 5 AS x FROM brand.customers
--# B248 | null or not | expect=REJECT:FUNCTION
SELECT count(*) IS NULL AS x FROM brand.customers
--# B249 | CASE | expect=REJECT:FUNCTION
SELECT CASE WHEN count(*) > 5 THEN 1 ELSE 0 END AS x FROM brand.customers
--# B250 | CASE like nullif of something else | expect=REJECT:FUNCTION
SELECT CASE WHEN count(*) = 5 THEN NULL ELSE sum(points) END AS x FROM brand.customers
--# B251 | CASE of two | expect=REJECT:FUNCTION
SELECT CASE count(*) WHEN 5 THEN NULL WHEN 6 THEN NULL ELSE count(*) END AS x FROM brand.customers
--# B252 | a list | expect=REJECT:FUNCTION
SELECT [count(*)] AS x FROM brand.customers
--# B253 | a text made of a number | expect=REJECT:FUNCTION
SELECT count(*) || 'x' AS x FROM brand.customers
--# B254 | a number too long, alone | expect=REJECT:NO_AGG
SELECT 12345678901234567890123456789012345678901 AS x FROM brand.customers
--# B255 | a number too long | expect=REJECT:CAST
SELECT count(*) + 12345678901234567890123456789012345678901 AS x FROM brand.customers
--# B256 | nothing added | expect=REJECT:CAST
SELECT count(*) + NULL AS x FROM brand.customers
--# B257 | an expression of many parts | expect=REJECT:OP
SELECT count(*)+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1 AS x FROM brand.customers
--# B258 | a date key in arithmetic | expect=REJECT:CAST
SELECT met + 1, count(*) FROM brand.customers GROUP BY met
--# B259 | a text key among results | expect=REJECT:CAST
SELECT greatest(region, 'a'), count(*) FROM brand.customers GROUP BY region
--# B260 | a text key or another | expect=ALLOW
SELECT coalesce(region, 'none'), count(*) FROM brand.customers GROUP BY region
--# B261 | a date key or another | expect=ALLOW
SELECT coalesce(met, DATE '2000-01-01'), count(*) FROM brand.customers GROUP BY met
--# B262 | a key in arithmetic | expect=ALLOW
SELECT points * 2, count(*) FROM brand.customers GROUP BY points
--# B263 | a text converted | expect=REJECT:CAST
SELECT region::DATE, count(*) FROM brand.customers GROUP BY region

-- ===== conditions on groups =====
--# B264 | a result and a number | expect=ALLOW
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING count(*) > 5
--# B265 | a number first | expect=ALLOW
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING 5 < count(*)
--# B266 | a number first, at least | expect=ALLOW
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING 5 >= count(*)
--# B267 | between | expect=ALLOW
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING count(*) BETWEEN 5 AND 9
--# B268 | one of some | expect=REJECT:OP
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING count(*) IN (5, 6)
--# B269 | is null | expect=ALLOW
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING sum(points) IS NULL
--# B270 | is not null | expect=ALLOW
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING sum(points) IS NOT NULL
--# B271 | not | expect=ALLOW
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING NOT (count(*) > 5)
--# B272 | and, or | expect=ALLOW
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING count(*) > 5 OR sum(points) < 2 AND avg(points) <> 0.5
--# B273 | two results | expect=REJECT:OP
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING sum(points) > sum(visits)
--# B274 | an expression | expect=ALLOW
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING sum(points) + count(*) > 5
--# B275 | a key | expect=REJECT:OP_POSITION
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING region = 'north'
--# B276 | a key that is null | expect=REJECT:OP_POSITION
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING region IS NULL
--# B277 | no key | expect=REJECT:BIND
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING points > 5
--# B278 | a text | expect=REJECT:CAST
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING count(*) > 'a'
--# B279 | nothing | expect=REJECT:CAST
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING count(*) > NULL
--# B280 | always | expect=REJECT:OP
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING true
--# B281 | two numbers | expect=REJECT:OP_POSITION
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING 5 > 4
--# B282 | a root | expect=REJECT:FUNCTION
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING 5 = sqrt(count(*))
--# B283 | a part that is refused | expect=REJECT:FUNCTION
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING count(*) > 5 AND sqrt(count(*)) > 2
--# B284 | distinct from | expect=REJECT:OP
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING count(*) IS DISTINCT FROM 5
--# B285 | null of a comparison | expect=REJECT:FUNCTION
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING (count(*) > 5) IS NULL
--# B286 | a subquery | expect=REJECT:OP
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING count(*) > (SELECT 5)
--# B287 | not a key | expect=REJECT:OP_POSITION
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING NOT (region = 'north')
--# B288 | nothing as zero | expect=ALLOW
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING coalesce(sum(points), 0) > 5
--# B289 | a number too long | expect=REJECT:CAST
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING 12345678901234567890123456789012345678901 > count(*)
--# B290 | a condition above the aggregate | expect=ALLOW
SELECT * FROM (SELECT region, count(*) AS n FROM brand.customers GROUP BY region) WHERE n > 5
--# B291 | a condition above the aggregate, on the key | expect=REJECT:OP_POSITION
SELECT * FROM (SELECT region, count(*) AS n FROM brand.customers GROUP BY region) WHERE region = 'north'
--# B292 | a condition above a limit | expect=REJECT:OP_POSITION
SELECT * FROM (SELECT region, count(*) AS n FROM brand.customers GROUP BY region LIMIT 3) WHERE n > 5

-- ===== order and limit =====
--# B293 | order | expect=ALLOW
SELECT region, count(*) FROM brand.customers GROUP BY region ORDER BY region
--# B294 | order by a result | expect=ALLOW
SELECT region, count(*) AS n FROM brand.customers GROUP BY region ORDER BY n DESC NULLS LAST, region ASC NULLS FIRST
--# B295 | order by what is not shown | expect=REJECT:OP_POSITION
SELECT region, count(*) FROM brand.customers GROUP BY region ORDER BY sum(points)
--# B296 | order by an expression of what is shown | expect=REJECT:OP_POSITION
SELECT region, count(*) FROM brand.customers GROUP BY region ORDER BY count(*) + 1
--# B297 | order by its place | expect=ALLOW
SELECT region, count(*) FROM brand.customers GROUP BY region ORDER BY 2 DESC, 1
--# B298 | order by all | expect=ALLOW
SELECT region, count(*) FROM brand.customers GROUP BY region ORDER BY ALL
--# B299 | order by a root | expect=REJECT:FUNCTION
SELECT region, count(*) FROM brand.customers GROUP BY region ORDER BY sqrt(count(*))
--# B300 | limit | expect=ALLOW
SELECT region, count(*) FROM brand.customers GROUP BY region LIMIT 3
--# B301 | limit of none | expect=ALLOW
SELECT region, count(*) FROM brand.customers GROUP BY region LIMIT 0
--# B302 | limit and offset | expect=REJECT:OP
SELECT region, count(*) FROM brand.customers GROUP BY region LIMIT 3 OFFSET 1
--# B303 | offset | expect=REJECT:OP
SELECT region, count(*) FROM brand.customers GROUP BY region OFFSET 1
--# B304 | limit in per cent | expect=REJECT:OP
SELECT region, count(*) FROM brand.customers GROUP BY region LIMIT 10%
--# B305 | limit by a subquery | expect=REJECT:OP
SELECT region, count(*) FROM brand.customers GROUP BY region LIMIT (SELECT 3)
--# B306 | a limit of a limit | expect=REJECT:OP_POSITION
SELECT * FROM (SELECT region, count(*) FROM brand.customers GROUP BY region LIMIT 5) LIMIT 3
--# B307 | order above a limit | expect=REJECT:OP_POSITION
SELECT * FROM (SELECT region, count(*) FROM brand.customers GROUP BY region LIMIT 5) ORDER BY 1
--# B308 | order above an order | expect=ALLOW
SELECT * FROM (SELECT region, count(*) FROM brand.customers GROUP BY region ORDER BY 1) ORDER BY 2
--# B309 | limit above an order | expect=ALLOW
SELECT * FROM (SELECT region, count(*) FROM brand.customers GROUP BY region ORDER BY 1) LIMIT 2
--# B310 | an order of rows | expect=REJECT:CONTEXT:region:LIST
SELECT region FROM brand.customers ORDER BY region
--# B311 | a limit of rows | expect=REJECT:CONTEXT:region:LIST
SELECT region FROM brand.customers LIMIT 3
--# B312 | rows by number | expect=REJECT:CONTEXT:region:LIST
SELECT region FROM brand.customers ORDER BY rowid
--# B313 | distinct groups | expect=REJECT:OP
SELECT DISTINCT region, count(*) FROM brand.customers GROUP BY region
--# B314 | only some groups by a window | expect=REJECT:OP
SELECT region, count(*) FROM brand.customers GROUP BY region QUALIFY row_number() OVER () < 3

-- ===== parts of the language =====
--# B315 | functions inside BETWEEN | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE chr(points) BETWEEN md5('a') AND sha1('b')
--# B316 | functions inside CASE | expect=REJECT:FUNCTION
SELECT CASE WHEN chr(1) = 'a' THEN md5('x') ELSE sha1('y') END, count(*) FROM brand.customers GROUP BY ALL
--# B317 | a function inside a filter of an aggregate | expect=REJECT:AGG_FILTER
SELECT count(*) FILTER (WHERE md5(region) = 'x') FROM brand.customers
--# B318 | a function inside the order of an aggregate | expect=REJECT:AGG_ORDER
SELECT sum(points ORDER BY md5(region)) FROM brand.customers
--# B319 | a function inside OFFSET | expect=REJECT:FUNCTION
SELECT region, count(*) FROM brand.customers GROUP BY region LIMIT 3 OFFSET length(md5('x'))
--# B320 | a function inside LIMIT | expect=REJECT:FUNCTION
SELECT region, count(*) FROM brand.customers GROUP BY region LIMIT length(md5('x'))
--# B321 | a function inside ORDER BY | expect=REJECT:FUNCTION
SELECT region, count(*) FROM brand.customers GROUP BY region ORDER BY md5(region)
--# B322 | a function inside GROUP BY | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers GROUP BY md5(region)
--# B323 | a function inside HAVING | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers GROUP BY region HAVING md5(region) = 'x'
--# B324 | a function inside NOT | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE NOT md5(region) = 'x'
--# B325 | a function inside IN | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE region IN ('a', md5('x'))
--# B326 | a function inside a conversion | expect=REJECT:CAST
SELECT count(*) FROM brand.customers WHERE points = md5('x')::INTEGER
--# B327 | a function inside a join | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON md5(c.user_id) = sha1(i.user_id)
--# B328 | a function inside a joined subquery | expect=REJECT:FUNCTION
SELECT count(*) FROM (SELECT md5(region) AS r, user_id FROM brand.customers) c JOIN (SELECT sha1(device) AS d, user_id FROM pub.impressions) i ON c.user_id = i.user_id
--# B329 | a star without a column | expect=ALLOW
SELECT * EXCLUDE (n) FROM (SELECT region, count(*) AS n FROM brand.customers GROUP BY region)
--# B330 | a star with another column | expect=REJECT:OP
SELECT * REPLACE (md5(region) AS region) FROM (SELECT region, count(*) AS n FROM brand.customers GROUP BY region)
--# B331 | a star with another name | expect=REJECT:OP
SELECT * RENAME (n AS m) FROM (SELECT region, count(*) AS n FROM brand.customers GROUP BY region)
--# B332 | a star of a table | expect=ALLOW
SELECT t.* FROM (SELECT region, count(*) AS n FROM brand.customers GROUP BY region) t
--# B333 | columns by a pattern | expect=ALLOW
SELECT COLUMNS('r.*') FROM (SELECT region, count(*) AS n FROM brand.customers GROUP BY region)
--# B334 | columns by a function | expect=REJECT:FUNCTION
SELECT COLUMNS(c -> md5(c) = 'x') FROM (SELECT region, count(*) AS n FROM brand.customers GROUP BY region)
--# B335 | columns unpacked | expect=REJECT:FUNCTION
SELECT greatest(*COLUMNS(*)) FROM (SELECT sum(points) AS a, count(*) AS n FROM brand.customers)
--# B336 | which group it is | expect=REJECT:FUNCTION
SELECT region, GROUPING(region), count(*) FROM brand.customers GROUP BY region
--# B337 | which group it is, of several | expect=REJECT:FUNCTION
SELECT region, GROUPING_ID(region), count(*) FROM brand.customers GROUP BY ROLLUP (region)
--# B338 | an aggregate by its schema | expect=REJECT:FUNCTION
SELECT main.sum(points) FROM brand.customers
--# B339 | an aggregate by catalogue and schema | expect=REJECT:FUNCTION
SELECT system.main.sum(points) FROM brand.customers
--# B340 | a state that is exported | expect=REJECT:FUNCTION
SELECT sum(points) EXPORT_STATE FROM brand.customers
--# B341 | a literal that may fail | expect=REJECT:CAST
SELECT count(*) FROM brand.customers WHERE points = TRY_CAST('5' AS INTEGER)
--# B342 | a literal of a small type | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE points = '5'::TINYINT OR points = '5'::SMALLINT OR points = '5'::INTEGER OR points = '5'::BIGINT OR points = '5'::HUGEINT
--# B343 | a literal of a large type | expect=REJECT:CAST
SELECT count(*) FROM brand.customers WHERE height < '1.5'::FLOAT OR height < '1.5'::DOUBLE OR height < '1.5'::DECIMAL(4,2)
--# B344 | literals of all other types | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE vip = 'true'::BOOLEAN OR region = 'x'::VARCHAR OR met = '2026-01-01'::DATE OR seen = '2026-01-01 00:00:00'::TIMESTAMP OR house = '6f1ed002-ab5d-4c42-8c06-7c2b6a8a3f10'::UUID
--# B345 | a literal of a type that is none here | expect=REJECT:CAST
SELECT count(*) FROM brand.customers WHERE region = 'x'::BLOB
--# B346 | a literal of a type of the analyst's | expect=REJECT:CAST
SELECT count(*) FROM brand.customers WHERE region = 'x'::mood
--# B347 | an interval | expect=REJECT:CAST
SELECT count(*) FROM brand.customers WHERE seen > TIMESTAMP '2026-01-01 00:00:00' + INTERVAL 1 DAY
--# B348 | a sample of a table | expect=REJECT:SAMPLE
SELECT count(*) FROM brand.customers TABLESAMPLE 10%
--# B349 | a sample of a subquery | expect=REJECT:SAMPLE
SELECT count(*) FROM (SELECT * FROM brand.customers USING SAMPLE 5 ROWS)
--# B350 | a table with other names of columns | expect=ALLOW
SELECT count(*) FROM brand.customers AS c(a, b, d)
--# B351 | a table by its catalogue | expect=REJECT:TABLE
SELECT count(*) FROM memory.brand.customers
--# B352 | a pivot | expect=REJECT:STATEMENT
PIVOT brand.customers ON region USING count(*)
--# B353 | a pivot in FROM | expect=REJECT:OP
SELECT * FROM brand.customers PIVOT (count(*) FOR region IN ('a', 'b'))
--# B354 | an unpivot | expect=REJECT:OP
UNPIVOT brand.customers ON points, visits INTO NAME n VALUE v
--# B355 | a join by position | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers POSITIONAL JOIN pub.impressions
--# B356 | a join by time | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c ASOF JOIN brand.orders o ON c.user_id = o.user_id AND c.seen >= o.ts
--# B357 | a natural join | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers NATURAL JOIN agency.seeds
--# B358 | an anti join | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c ANTI JOIN pub.impressions i ON c.user_id = i.user_id
--# B359 | a cross join | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers CROSS JOIN pub.impressions
--# B360 | a full join using | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers FULL JOIN pub.impressions USING (user_id)
--# B361 | two statements | expect=REJECT:MULTI
SELECT 1; SELECT 2
--# B362 | nothing but an end | expect=REJECT:PARSE
;
--# B363 | another statement | expect=REJECT:STATEMENT
DELETE FROM brand.customers
--# B364 | a set operation | expect=REJECT:OP
SELECT region FROM brand.customers EXCEPT SELECT device FROM pub.impressions
--# B365 | recursion | expect=REJECT:OP
WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT count(*) FROM r
--# B366 | a common table that hides a dataset's name | expect=ALLOW
WITH customers AS (SELECT region FROM brand.customers) SELECT region, count(*) FROM customers GROUP BY region
--# B367 | a common table that is kept | expect=ALLOW
WITH c AS MATERIALIZED (SELECT region FROM brand.customers) SELECT region, count(*) FROM c GROUP BY region
--# B368 | a common table of a common table that is out of reach | expect=REJECT:JOIN
SELECT count(*) FROM (WITH c AS (SELECT * FROM brand.customers) SELECT * FROM c) x JOIN c ON true
--# B369 | FROM first | expect=ALLOW
FROM brand.customers SELECT region, count(*) GROUP BY region
--# B370 | FROM alone | expect=REJECT:CONTEXT:age:LIST
FROM brand.customers
--# B371 | distinct on | expect=REJECT:OP
SELECT DISTINCT ON (region) region, count(*) FROM brand.customers GROUP BY region
--# B372 | a description | expect=REJECT:OP
DESCRIBE brand.customers
--# B373 | a summary | expect=REJECT:OP
SUMMARIZE brand.customers
--# B374 | a parameter | expect=REJECT:PARAMETER
SELECT count(*) FROM brand.customers WHERE points = $1
--# B375 | a parameter by its name | expect=REJECT:PARAMETER
SELECT count(*) FROM brand.customers WHERE points = $least
--# B376 | a question mark | expect=REJECT:PARAMETER
SELECT count(*) FROM brand.customers WHERE points = ?
--# B377 | a lambda | expect=REJECT:FUNCTION
SELECT list_transform([1], x -> x + 1), count(*) FROM brand.customers
--# B378 | an order of letters | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE region COLLATE NOCASE = 'NORTH'
--# B379 | a subquery in FROM with other names | expect=ALLOW
SELECT x, count(*) FROM (SELECT region FROM brand.customers) t(x) GROUP BY x
--# B380 | names in capitals | expect=ALLOW
SELECT REGION, COUNT(*) FROM BRAND.CUSTOMERS GROUP BY REGION
--# B381 | functions in capitals | expect=ALLOW
SELECT ROUND(AVG(points)), GREATEST(COUNT(*), 5), STDDEV(points) FROM brand.customers
--# B382 | a variance by its other name | expect=ALLOW
SELECT variance(points) FROM brand.customers
--# B383 | an aggregate of the engine in capitals | expect=REJECT:AGG_FN
SELECT MEDIAN(points) FROM brand.customers
--# B384 | count of rows by its inner name | expect=ALLOW
SELECT count_star() FROM brand.customers
--# B385 | two arguments | expect=REJECT:AGG_ARG
SELECT sum(points, visits) FROM brand.customers
--# B386 | no argument | expect=REJECT:AGG_ARG
SELECT sum() FROM brand.customers
