-- Queries of the agency under contracts/examples/media/contract.json, each with its verdict. The rules are contracts/spec/0003 and 0008.
-- Marker: "--# ID | class | expect=VERDICT"; the lines up to the next marker are one query. REJECT:<code> means that the verdict is refuse
-- and the code is among its codes; where _OR_ stands between codes, one of them is.

-- ===== what is accepted =====
--# K01 | accepted | expect=ALLOW
SELECT count(*) FROM brand.customers
--# K02 | accepted, names in any case | expect=ALLOW
select Segment, COUNT(DISTINCT User_Id) as people from BRAND.Customers group by SEGMENT
--# K03 | accepted, USING | expect=ALLOW
SELECT sku, count(*), avg(amount) FROM brand.orders JOIN pub.impressions USING (user_id) GROUP BY sku
--# K04 | accepted, NATURAL over two join columns | expect=ALLOW
SELECT campaign, count(DISTINCT user_id) FROM brand.customers NATURAL JOIN pub.impressions GROUP BY campaign
--# K05 | accepted, two conditions in ON | expect=ALLOW
SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.user_id AND c.email_sha256 = i.email_sha256
--# K06 | accepted, three tables of three owners | expect=ALLOW
SELECT i.device, sum(c.ltv) FROM pub.impressions i JOIN brand.customers c ON i.user_id = c.user_id JOIN agency.seeds s ON s.email_sha256 = c.email_sha256 GROUP BY i.device
--# K07 | accepted, the asking party's own rows may be picked, others' may not | expect=ALLOW
SELECT count(DISTINCT c.user_id) FROM agency.seeds s JOIN brand.customers c USING (user_id) WHERE s.user_id <> 'x'
--# K08 | accepted, own label as group and filter | expect=ALLOW
SELECT s.label, count(DISTINCT c.user_id) FROM agency.seeds s JOIN brand.customers c ON s.user_id = c.user_id WHERE s.label IN ('a', 'b') GROUP BY s.label
--# K09 | accepted, boolean structure | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE NOT (region = 'north' OR segment IS NULL) AND (age BETWEEN 20 AND 29 OR age > 60) AND region NOT IN ('x', 'y')
--# K10 | accepted, literal first | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE 30 <= age AND 'north' <> region
--# K11 | accepted, moments on their grain | expect=ALLOW
SELECT date_trunc('month', ts) AS m, sum(amount) FROM brand.orders WHERE ts >= TIMESTAMP '2026-01-01 00:00:00' AND ts < DATE '2026-07-01' GROUP BY m
--# K12 | accepted, moment as text | expect=ALLOW
SELECT count(*) FROM brand.orders WHERE ts >= '2026-01-01' AND ts < '2026-02-01'::TIMESTAMP
--# K13 | accepted, day at its end | expect=ALLOW
SELECT count(*) FROM brand.orders WHERE ts < '2026-01-02'
--# K14 | accepted, arithmetic on results | expect=ALLOW
SELECT region, sum(ltv) / nullif(count(*), 0) AS mean, 100 * count(DISTINCT user_id) - 1 FROM brand.customers GROUP BY region
--# K15 | accepted, quotient by a number | expect=ALLOW
SELECT sum(spend) / 1000 FROM pub.impressions
--# K16 | accepted, order and limit on results | expect=ALLOW
SELECT campaign, sum(spend) AS s FROM pub.impressions GROUP BY ALL ORDER BY s DESC NULLS LAST, campaign LIMIT 3
--# K17 | accepted, having on several aggregates | expect=ALLOW
SELECT device FROM pub.impressions GROUP BY device HAVING count(*) > 10 AND (sum(spend) < 5.5 OR NOT avg(spend) < 0.25)
--# K18 | accepted, condition on a result outside | expect=ALLOW
SELECT * FROM (SELECT region, count(*) AS n FROM brand.customers GROUP BY region) WHERE n >= 20 ORDER BY n, region
--# K19 | accepted, common table in common table | expect=ALLOW
WITH a AS (SELECT user_id AS u, segment FROM brand.customers WHERE age >= 40), b AS (SELECT u, segment FROM a WHERE segment <> 'z') SELECT b.segment, sum(o.amount) FROM b JOIN brand.orders o ON b.u = o.user_id GROUP BY b.segment
--# K20 | accepted, common table used twice | expect=ALLOW
WITH a AS (SELECT user_id, region FROM brand.customers) SELECT x.region, count(*) FROM a x JOIN a y ON x.user_id = y.user_id GROUP BY x.region
--# K21 | accepted, renamed in a subquery | expect=ALLOW
SELECT g, sum(v) FROM (SELECT region AS g, ltv AS v FROM brand.customers) t GROUP BY g
--# K22 | accepted, comments and quoted names | expect=ALLOW
SELECT /* by region; not 'by' person */ "region", count(*) FROM "brand"."customers" -- the end
GROUP BY "region"
--# K23 | accepted, end of statement | expect=ALLOW
SELECT count(*) FROM brand.customers;
--# K24 | accepted, a constant beside results | expect=ALLOW
SELECT 'all' AS what, count(*) FROM brand.customers
--# K25 | accepted, distinct values of a column that may be grouped | expect=ALLOW
SELECT count(DISTINCT campaign) FROM pub.impressions
--# K26 | accepted, weeks are made of days | expect=ALLOW
SELECT date_trunc('week', ts), date_trunc('year', ts), count(*) FROM pub.impressions GROUP BY 1, 2
--# K27 | accepted, complement of a filter (the history audit looks at it) | expect=ALLOW
SELECT count(*) FROM brand.customers WHERE NOT (age = 37)
--# K28 | accepted, negative result | expect=ALLOW
SELECT -sum(ltv), sum(ltv) - avg(ltv) FROM brand.customers
--# K29 | accepted, variances | expect=ALLOW
SELECT region, var_pop(ltv), var_samp(ltv), variance(ltv), stddev_pop(ltv), stddev_samp(ltv), stddev(ltv) FROM brand.customers GROUP BY region
--# K30 | accepted, covariances of columns of one owner | expect=ALLOW
SELECT covar_pop(o.amount, c.ltv), covar_samp(o.amount, c.ltv), corr(o.amount, c.ltv) FROM brand.customers c JOIN brand.orders o ON c.user_id = o.user_id
--# K31 | accepted, regressions of columns of one owner | expect=ALLOW
SELECT regr_slope(amount, ltv), regr_intercept(amount, ltv), regr_r2(amount, ltv), regr_count(amount, ltv), regr_avgx(amount, ltv), regr_avgy(amount, ltv), regr_sxx(amount, ltv), regr_syy(amount, ltv), regr_sxy(amount, ltv) FROM brand.customers JOIN brand.orders USING (user_id)
--# K32 | accepted, functions of results | expect=ALLOW
SELECT region, round(sum(ltv)), round(avg(ltv), 1), round(count(*), -1), floor(avg(ltv)), ceil(sum(ltv)), ceiling(avg(ltv)), abs(-sum(ltv)), @(sum(ltv) - 10000) FROM brand.customers GROUP BY region
--# K33 | accepted, choices among results | expect=ALLOW
SELECT segment, coalesce(sum(ltv), 0), coalesce(segment, 'none'), greatest(sum(ltv), 100, count(*)), least(avg(ltv), 400), nullif(count(*), 5), sum(ltv) / nullif(count(*), 0), ifnull(stddev(ltv), 0) FROM brand.customers GROUP BY segment
--# K34 | accepted, numbers of the calendar | expect=ALLOW
SELECT year(ts), extract(quarter FROM ts), date_part('month', ts), isodow(ts), count(*) FROM brand.orders GROUP BY ALL
--# K35 | accepted, conditions on statistics | expect=ALLOW
SELECT campaign, stddev(spend) AS s FROM pub.impressions GROUP BY campaign HAVING stddev(spend) > 0.1 AND abs(avg(spend)) >= 0 ORDER BY s, campaign

-- ===== rows instead of groups =====
--# R01 | rows | expect=REJECT:NO_AGG
SELECT * FROM brand.customers
--# R02 | rows, one column | expect=REJECT:NO_AGG
SELECT email_sha256 FROM pub.impressions WHERE campaign = 'c1'
--# R03 | rows, a constant for each | expect=REJECT:NO_AGG
SELECT 1 FROM brand.customers
--# R04 | rows as JSON | expect=REJECT:FUNCTION
SELECT to_json(c) FROM brand.customers c
--# R05 | rows, ordered and cut | expect=REJECT:NO_AGG
SELECT region FROM brand.customers ORDER BY region LIMIT 1
--# R06 | rows, joined | expect=REJECT:NO_AGG
SELECT c.region, i.campaign FROM brand.customers c JOIN pub.impressions i USING (user_id)
--# R07 | no table at all | expect=REJECT:NO_AGG_OR_OP
SELECT 42

-- ===== keys that are no groups =====
--# G01 | person as group | expect=REJECT:CONTEXT:user_id:GROUP
SELECT user_id, count(*) FROM brand.orders GROUP BY user_id
--# G02 | measure as group | expect=REJECT:CONTEXT:ltv:GROUP
SELECT ltv, count(*) FROM brand.customers GROUP BY ltv
--# G03 | filter column as group | expect=REJECT:CONTEXT:age:GROUP
SELECT age, count(*) FROM brand.customers GROUP BY age
--# G04 | filter column in bands | expect=REJECT:CONTEXT:age:GROUP
SELECT (age // 10) * 10 AS decade, count(*) FROM brand.customers GROUP BY decade
--# G05 | alias that looks harmless | expect=REJECT:CONTEXT:user_id:GROUP
SELECT user_id AS region, count(*) FROM brand.customers GROUP BY 1
--# G06 | names exchanged in a subquery | expect=REJECT:CONTEXT:email_sha256:GROUP
SELECT region, count(*) FROM (SELECT email_sha256 AS region, region AS email_sha256 FROM brand.customers) GROUP BY region
--# G07 | star brings more than meant | expect=REJECT:CONTEXT:vip:GROUP
SELECT *, count(*) FROM brand.customers GROUP BY ALL
--# G08 | moments one by one | expect=REJECT:GRAIN
SELECT ts, count(*) FROM pub.impressions GROUP BY ts
--# G09 | moments by the hour | expect=REJECT:FUNCTION_OR_GRAIN
SELECT date_trunc('hour', ts), count(*) FROM pub.impressions GROUP BY 1
--# G10 | person re-encoded | expect=REJECT:FUNCTION
SELECT substr(user_id, 1, 2), count(*) FROM brand.customers GROUP BY 1
--# G11 | person joined to text | expect=REJECT:FUNCTION
SELECT region || user_id, count(*) FROM brand.customers GROUP BY 1
--# G12 | converted column | expect=REJECT:CAST
SELECT region::INTEGER, count(*) FROM brand.customers GROUP BY 1
--# G13 | grouping sets | expect=REJECT:GROUPING_SETS
SELECT region, segment, count(*) FROM brand.customers GROUP BY GROUPING SETS ((region), (segment))
--# G14 | rollup | expect=REJECT:GROUPING_SETS
SELECT region, count(*) FROM brand.customers GROUP BY ROLLUP (region)
--# G15 | cube | expect=REJECT:GROUPING_SETS
SELECT region, segment, count(*) FROM brand.customers GROUP BY CUBE (region, segment)
--# G16 | a comparison as group | expect=REJECT:FUNCTION
SELECT region = 'north', count(*) FROM brand.customers GROUP BY 1

-- ===== aggregates =====
--# F01 | first value | expect=REJECT:AGG_FN
SELECT region, first(email_sha256) FROM brand.customers GROUP BY region
--# F02 | any value | expect=REJECT:AGG_FN
SELECT any_value(user_id) FROM brand.customers
--# F03 | histogram | expect=REJECT:AGG_FN
SELECT histogram(region) FROM brand.customers
--# F04 | bits | expect=REJECT:AGG_FN
SELECT bit_xor(age) FROM brand.customers
--# F05 | product, entropy | expect=REJECT:AGG_FN
SELECT product(age), entropy(region) FROM brand.customers
--# F06 | quantile of a measure | expect=REJECT:AGG_FN
SELECT quantile_cont(ltv, 0.5) FROM brand.customers
--# F07 | conditional count | expect=REJECT:AGG_FN
SELECT count_if(user_id = 'u7') FROM brand.customers
--# F08 | sum of a case | expect=REJECT:AGG_ARG
SELECT sum(CASE WHEN user_id = 'u7' THEN ltv END) FROM brand.customers
--# F09 | weighted sum | expect=REJECT:AGG_ARG
SELECT sum(ltv * age) FROM brand.customers
--# F10 | sum of a constant | expect=REJECT:AGG_ARG
SELECT sum(1) FROM brand.customers
--# F11 | distinct sum | expect=REJECT:AGG_ARG
SELECT sum(DISTINCT ltv) FROM brand.customers
--# F12 | count of a column that is not distinct | expect=REJECT:AGG_ARG
SELECT count(ltv) FROM brand.customers
--# F13 | several columns counted together | expect=REJECT:AGG_ARG_OR_FUNCTION
SELECT count(DISTINCT (user_id, region)) FROM brand.customers
--# F14 | sum of text through a cast | expect=REJECT:AGG_ARG
SELECT sum(user_id::BIGINT) FROM brand.customers
--# F15 | measure counted distinct | expect=REJECT:CONTEXT:ltv:AGG
SELECT count(DISTINCT ltv) FROM brand.customers
--# F16 | filter column summed | expect=REJECT:CONTEXT:age:AGG
SELECT sum(age) FROM brand.customers
--# F17 | moments counted one by one | expect=REJECT:CONTEXT:ts:AGG
SELECT count(DISTINCT ts) FROM brand.orders
--# F18 | hidden column counted | expect=REJECT:CONTEXT:vip:AGG
SELECT count(DISTINCT vip) FROM brand.customers
--# F19 | filter clause | expect=REJECT:AGG_FILTER
SELECT count(*) FILTER (WHERE region = 'north') FROM brand.customers
--# F20 | order inside | expect=REJECT:AGG_ORDER
SELECT sum(ltv ORDER BY age) FROM brand.customers
--# F21 | aggregate of an aggregate | expect=REJECT:NESTED_AGG
SELECT avg(n) FROM (SELECT region, count(*) AS n FROM brand.customers GROUP BY region)
--# F22 | row number counted | expect=REJECT:CONTEXT:rowid:AGG
SELECT count(DISTINCT rowid) FROM brand.customers
--# F23 | rounding below the sum | expect=REJECT:AGG_ARG
SELECT sum(round(ltv)) FROM brand.customers
--# F24 | every measure at once | expect=REJECT:AGG_ARG
SELECT sum(COLUMNS('ltv|age')) FROM brand.customers

-- ===== conditions =====
--# W01 | range over persons | expect=REJECT:CONTEXT:user_id:FILTER
SELECT count(*) FROM brand.customers WHERE user_id BETWEEN 'u1' AND 'u2'
--# W02 | absent identifier | expect=REJECT:CONTEXT:email_sha256:FILTER
SELECT count(*) FROM brand.customers WHERE email_sha256 IS NULL
--# W03 | hidden flag | expect=REJECT:CONTEXT:vip:FILTER
SELECT count(*) FROM brand.customers WHERE vip
--# W04 | renamed before the condition | expect=REJECT:CONTEXT:user_id:FILTER
SELECT count(*) FROM (SELECT user_id AS region FROM brand.customers) WHERE region = 'u7'
--# W05 | alias of the select list in WHERE | expect=REJECT:CONTEXT:user_id:FILTER
SELECT user_id AS region2, count(*) FROM brand.customers WHERE region2 = 'u7' GROUP BY ALL
--# W06 | condition on a key after grouping | expect=REJECT:OP_POSITION
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING region = 'north'
--# W07 | subquery | expect=REJECT:OP
SELECT count(*) FROM brand.customers WHERE user_id IN (SELECT user_id FROM agency.seeds)
--# W08 | correlated subquery | expect=REJECT:OP
SELECT count(*) FROM brand.customers c WHERE EXISTS (SELECT 1 FROM agency.seeds s WHERE s.user_id = c.user_id)
--# W09 | two columns compared | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers WHERE region = segment
--# W10 | moment between two days | expect=REJECT:GRAIN
SELECT count(*) FROM brand.orders WHERE ts >= TIMESTAMP '2026-01-01 12:00:00'
--# W11 | exactly one moment | expect=REJECT:GRAIN
SELECT count(*) FROM brand.orders WHERE ts = '2026-01-01'
--# W12 | day with its first moment | expect=REJECT:GRAIN
SELECT count(*) FROM brand.orders WHERE ts <= '2026-01-01'
--# W13 | half a year of age | expect=REJECT:GRAIN_OR_CAST
SELECT count(*) FROM brand.customers WHERE age > 30.5
--# W14 | number where text stands | expect=REJECT:CAST_OR_BIND
SELECT count(*) FROM brand.customers WHERE region > 5
--# W15 | binary fraction | expect=REJECT:CAST_OR_FUNCTION_OR_OP
SELECT count(*) FROM brand.customers WHERE age < 3e1
--# W16 | comparison with nothing | expect=REJECT:CAST
SELECT count(*) FROM brand.customers WHERE region = NULL
--# W17 | arithmetic on a column | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE age * 2 > 60
--# W18 | pattern | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE region LIKE 'n%'
--# W19 | pattern without case | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE region NOT ILIKE '%n'
--# W20 | regular expression | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE region SIMILAR TO 'n.*'
--# W21 | truncation that is compared | expect=REJECT:OP
SELECT count(*) FROM brand.orders WHERE date_trunc('day', ts) = '2026-01-01'
--# W22 | a condition on nothing | expect=REJECT:OP
SELECT count(*) FROM brand.customers WHERE 1 = 1
--# W23 | conversion that can fail prints what it got | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE (segment || region)::BIGINT = 0
--# W24 | try-cast | expect=REJECT:CAST
SELECT count(*) FROM brand.customers WHERE TRY_CAST(region AS INTEGER) IS NULL
--# W25 | coalesce | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE coalesce(region, 'none') = 'none'
--# W26 | row values | expect=REJECT:FUNCTION_OR_OP
SELECT count(*) FROM brand.customers WHERE (region, user_id) = ('north', 'u7')
--# W27 | having on a subquery | expect=REJECT:OP
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING count(*) > (SELECT max(age) FROM brand.customers)
--# W28 | own column, but compared with another's | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c JOIN agency.seeds s USING (user_id) WHERE s.label = c.region

--# W29 | condition as a value | expect=REJECT:OP
SELECT count(*) FROM brand.customers WHERE (age > 5 AND age < 9) = true
--# W30 | condition that may be unknown | expect=REJECT:OP
SELECT count(*) FROM brand.customers WHERE (age > 5 OR region = 'x') IS NULL
--# W31 | condition among values | expect=REJECT:OP
SELECT count(*) FROM brand.customers WHERE (NOT (age > 5 AND vip)) IN (true, (age > 7 OR age < 3))
--# W32 | condition on results as a value | expect=REJECT:OP_OR_FUNCTION
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING (count(*) > 5 AND count(*) < 9) = true

-- ===== joins =====
--# J01 | left | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c LEFT JOIN agency.seeds s USING (user_id)
--# J02 | right | expect=REJECT:JOIN
SELECT count(*) FROM agency.seeds s RIGHT JOIN brand.customers c USING (user_id)
--# J03 | comma | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c, agency.seeds s WHERE c.user_id = s.user_id
--# J04 | positional | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers POSITIONAL JOIN agency.seeds
--# J05 | not an equality | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.user_id < i.user_id
--# J06 | either of two | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.user_id OR c.email_sha256 = i.email_sha256
--# J07 | group columns joined | expect=REJECT:CONTEXT:region:JOIN
SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.region = i.device
--# J08 | true as condition | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c JOIN agency.seeds s ON true
--# J09 | literal as condition | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c JOIN agency.seeds s ON c.user_id = 'u7'
--# J10 | different kinds | expect=REJECT:PROFILE_MISMATCH
SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.email_sha256
--# J11 | not distinct from | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.email_sha256 IS NOT DISTINCT FROM i.email_sha256
--# J12 | natural join over a group column of its own table | expect=REJECT:CONTEXT:region:JOIN
SELECT count(*) FROM brand.customers a NATURAL JOIN brand.customers b
--# J13 | rows of one person multiply | expect=REJECT:FANOUT
SELECT count(*) FROM pub.impressions a JOIN pub.impressions b USING (user_id) JOIN pub.impressions c USING (user_id)
--# J14 | joined with a result | expect=REJECT:OP_POSITION
SELECT count(*) FROM brand.customers c JOIN (SELECT region, count(*) AS n FROM brand.customers GROUP BY region) t ON c.region = t.region
--# J15 | join through lateral | expect=REJECT:OP_OR_JOIN
SELECT count(*) FROM brand.customers c, LATERAL (SELECT * FROM agency.seeds s WHERE s.user_id = c.user_id) t

--# J16 | only the right column may not be joined | expect=REJECT:CONTEXT:device:JOIN
SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.device
--# J17 | only the left column may not be joined | expect=REJECT:CONTEXT:region:JOIN
SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.region = i.user_id

-- ===== picking rows =====
--# P01 | limit below | expect=REJECT:OP_POSITION
SELECT count(*), sum(ltv) FROM (SELECT ltv FROM brand.customers LIMIT 60)
--# P02 | order below | expect=REJECT:OP_POSITION
SELECT sum(ltv) FROM (SELECT ltv FROM brand.customers ORDER BY ltv DESC)
--# P03 | sample of a table | expect=REJECT:SAMPLE
SELECT count(*) FROM brand.customers TABLESAMPLE 10 PERCENT
--# P04 | offset on the answer | expect=REJECT:OP
SELECT region, count(*) FROM brand.customers GROUP BY region ORDER BY 2 LIMIT 1 OFFSET 1
--# P05 | limit in percent | expect=REJECT:OP
SELECT region, count(*) FROM brand.customers GROUP BY region LIMIT 50%
--# P06 | except | expect=REJECT:OP
SELECT count(*) FROM (SELECT user_id FROM brand.customers EXCEPT SELECT user_id FROM agency.seeds)
--# P07 | order by what is not in the answer | expect=REJECT:OP_POSITION
SELECT region, count(*) FROM brand.customers GROUP BY region ORDER BY sum(ltv)
--# P08 | limit of a computed value | expect=REJECT:OP
SELECT region, count(*) FROM brand.customers GROUP BY region LIMIT (SELECT 2)
--# P09 | rank of a window | expect=REJECT:OP
SELECT rank() OVER (ORDER BY ltv) FROM brand.customers
--# P10 | distinct answers | expect=REJECT:OP
SELECT DISTINCT count(*) FROM brand.customers GROUP BY region

-- ===== functions and failures =====
--# E01 | square root of less than nothing | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE sqrt(age - 38) >= 0
--# E02 | date that does not parse prints its text | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE strptime(region, '%d') IS NULL
--# E03 | division that can be by zero | expect=REJECT:FUNCTION
SELECT sum(ltv) / count(*) FROM brand.customers
--# E04 | the time | expect=REJECT:FUNCTION
SELECT count(*), now() FROM brand.customers
--# E05 | chance | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE random() < 0.5
--# E06 | session variable | expect=REJECT:FUNCTION
SELECT count(*), getvariable('x') FROM brand.customers
--# E07 | case on a result | expect=REJECT:FUNCTION
SELECT CASE WHEN count(*) > 100 THEN 1 ELSE 0 END FROM brand.customers
--# E08 | result converted | expect=REJECT:CAST
SELECT count(*)::VARCHAR FROM brand.customers
--# E09 | remainder | expect=REJECT:FUNCTION
SELECT count(*) % 2 FROM brand.customers
--# E10 | collation | expect=REJECT:FUNCTION
SELECT region COLLATE NOCASE, count(*) FROM brand.customers GROUP BY 1
--# E11 | function of a schema | expect=REJECT:FUNCTION
SELECT main.sum(ltv) FROM brand.customers
--# E12 | text as huge as wished | expect=REJECT:FUNCTION
SELECT repeat('x', 1000000000), count(*) FROM brand.customers
--# E13 | list | expect=REJECT:FUNCTION
SELECT [count(*), 1] FROM brand.customers
--# E14 | cast of a literal to a type that is none here | expect=REJECT:CAST
SELECT count(*) FROM brand.customers WHERE age = '1'::INTERVAL
--# E15 | column that there is not | expect=REJECT:BIND
SELECT count(surname) FROM brand.customers
--# E16 | name that is not clear | expect=REJECT:BIND
SELECT count(DISTINCT user_id) FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# E17 | positional reference | expect=REJECT:OP
SELECT #1, count(*) FROM brand.customers GROUP BY #1

-- ===== tables that are no datasets, statements that are no query =====
--# T01 | function as table | expect=REJECT:TABLE_FUNCTION
SELECT count(*) FROM read_parquet('x.parquet')
--# T02 | files by pattern | expect=REJECT:TABLE_FUNCTION
SELECT * FROM glob('*')
--# T03 | text that is run | expect=REJECT:TABLE_FUNCTION
SELECT * FROM query('SELECT user_id FROM brand.customers')
--# T04 | settings | expect=REJECT:TABLE_FUNCTION
SELECT * FROM duckdb_settings()
--# T05 | numbers | expect=REJECT:TABLE_FUNCTION
SELECT count(*) FROM generate_series(1, 10)
--# T06 | file as table | expect=REJECT:TABLE
SELECT count(*) FROM 'x.parquet'
--# T07 | table of no owner | expect=REJECT:TABLE
SELECT count(*) FROM customers
--# T08 | dataset of another contract | expect=REJECT:TABLE
SELECT count(*) FROM brand.employees
--# T09 | catalog before the owner | expect=REJECT:TABLE
SELECT count(*) FROM memory.brand.customers
--# T10 | catalog view | expect=REJECT:TABLE
SELECT count(*) FROM information_schema.tables
--# T11 | values | expect=REJECT:OP
SELECT count(*) FROM (VALUES (1), (2)) t(x)
--# T12 | summarize | expect=REJECT:STATEMENT_OR_OP
SUMMARIZE brand.customers
--# T13 | show | expect=REJECT:STATEMENT_OR_OP_OR_TABLE
SHOW TABLES
--# T14 | recursion | expect=REJECT:OP
WITH RECURSIVE r AS (SELECT user_id FROM brand.customers UNION SELECT user_id FROM r) SELECT count(*) FROM r
--# T15 | union of results | expect=REJECT:OP
SELECT count(*) FROM brand.customers UNION ALL SELECT count(*) FROM brand.orders
--# T32 | part of the language that the engine has not | expect=REJECT:PARSE
SELECT count(*) FROM brand.customers WHERE age BETWEEN SYMMETRIC 60 AND 20
--# T16 | insert | expect=REJECT:STATEMENT
INSERT INTO agency.seeds VALUES ('u7', NULL, NULL)
--# T17 | pragma | expect=REJECT:STATEMENT
PRAGMA database_list
--# T18 | attach | expect=REJECT:STATEMENT
ATTACH ':memory:' AS m
--# T19 | macro | expect=REJECT:STATEMENT
CREATE TEMP MACRO sum(x) AS max(x)
--# T20 | setting | expect=REJECT:STATEMENT
SET threads = 64
--# T21 | two statements | expect=REJECT:MULTI
SELECT count(*) FROM brand.customers; SELECT count(*) FROM brand.orders
--# T22 | no statement | expect=REJECT:PARSE
SELEC count(*) FROM brand.customers
--# T23 | no end of a string | expect=REJECT:PARSE
SELECT 'a FROM brand.customers
--# T24 | only a comment | expect=REJECT:PARSE
/* nothing */
--# T25 | string in dollars | expect=REJECT:PARSE
SELECT count(*) FROM brand.customers WHERE region = $$north$$
--# T26 | parameter by place | expect=REJECT:PARAMETER
SELECT count(*) FROM brand.customers WHERE age > ?
--# T27 | parameter by name | expect=REJECT:PARAMETER
SELECT count(*) FROM brand.customers WHERE region = $region
--# T28 | prepared statement | expect=REJECT:STATEMENT
PREPARE q AS SELECT count(*) FROM brand.customers
--# T29 | star with replacement | expect=REJECT:OP
SELECT * REPLACE (user_id AS region) FROM brand.customers
--# T30 | table at a moment | expect=REJECT:OP_OR_PARSE
SELECT count(*) FROM brand.customers AT (VERSION => 1)
--# T31 | pivot as a table | expect=REJECT:STATEMENT_OR_OP
SELECT * FROM (PIVOT brand.customers ON region USING sum(ltv))
