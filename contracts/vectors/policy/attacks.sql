-- Attacks of the agency under contracts/examples/media/contract.json, each with its verdict, by the class of attack that it varies: renamed,
-- quoted, nested, hidden in comments, in other letters, in other words. The rules are contracts/spec/0003 and 0008; the marker is that of
-- queries.sql. None of these is ever bound where it says so, and none has a plan.

-- ===== 1. rows =====
--# V101 | rows, quoted and in other case | expect=REJECT:NO_AGG
SELECT "USER_ID", "Ltv" FROM "BRAND"."CUSTOMERS"
--# V102 | rows behind two common tables | expect=REJECT:NO_AGG
WITH a AS (SELECT * FROM brand.customers), b AS (SELECT * FROM a) SELECT * FROM b LIMIT 50
--# V103 | rows in comments | expect=REJECT:NO_AGG
SELECT/* count(*) */email_sha256--, sum(ltv)
FROM/**/brand.customers
--# V104 | rows as a struct | expect=REJECT:FUNCTION
SELECT struct_pack(u := user_id, l := ltv) FROM brand.customers
--# V105 | rows as a list literal | expect=REJECT:FUNCTION_OR_OP
SELECT [user_id, region] FROM brand.customers
--# V106 | rows by DISTINCT below a count | expect=REJECT:OP
SELECT count(*) FROM (SELECT DISTINCT user_id FROM brand.customers)
--# V107 | rows without FROM in front | expect=REJECT:NO_AGG
FROM brand.customers
--# V108 | rows, FROM first | expect=REJECT:NO_AGG
FROM brand.customers SELECT user_id
--# V109 | rows through TABLE | expect=REJECT:NO_AGG
TABLE brand.customers
--# V110 | rows joined to their own count | expect=REJECT:OP_POSITION
SELECT c.user_id FROM brand.customers c JOIN (SELECT region, count(*) AS n FROM brand.customers GROUP BY region) g ON c.region = g.region
--# V111 | rows by EXCLUDE | expect=REJECT:NO_AGG
SELECT * EXCLUDE (ltv) FROM brand.customers
--# V112 | rows by REPLACE | expect=REJECT:OP
SELECT * REPLACE (region AS user_id) FROM brand.customers

-- ===== 2. keys =====
--# V201 | person by ordinal | expect=REJECT:CONTEXT:user_id:GROUP
SELECT user_id, count(*) FROM brand.customers GROUP BY 1
--# V202 | person by GROUP BY ALL | expect=REJECT:CONTEXT:user_id:GROUP
SELECT user_id, count(*) FROM brand.customers GROUP BY ALL
--# V203 | person, quoted in other case | expect=REJECT:CONTEXT:user_id:GROUP
SELECT "User_ID" AS "region", count(*) FROM brand.customers GROUP BY "USER_ID"
--# V204 | person through USING | expect=REJECT:CONTEXT:user_id:GROUP
SELECT user_id, count(*) FROM brand.customers JOIN pub.impressions USING (user_id) GROUP BY user_id
--# V205 | person through NATURAL JOIN | expect=REJECT:CONTEXT:user_id:GROUP
SELECT user_id, count(*) FROM brand.customers NATURAL JOIN agency.seeds GROUP BY user_id
--# V206 | person through three renamings | expect=REJECT:CONTEXT:user_id:GROUP
WITH a(x, y) AS (SELECT user_id, region FROM brand.customers), b AS (SELECT x AS region FROM a) SELECT region, count(*) FROM (SELECT region AS segment FROM b) t(region) GROUP BY region
--# V207 | own copy of the person as key of others' rows | expect=REJECT:CONTEXT:user_id:GROUP
SELECT c.user_id, sum(c.ltv) FROM agency.seeds s JOIN brand.customers c ON s.user_id = c.user_id GROUP BY c.user_id
--# V208 | measure in bands | expect=REJECT:FUNCTION
SELECT floor(ltv / 10) * 10, count(*) FROM brand.customers GROUP BY 1
--# V209 | measure rounded | expect=REJECT:FUNCTION
SELECT round(ltv), count(*) FROM brand.customers GROUP BY 1
--# V210 | filter column in bands without its use | expect=REJECT:CONTEXT:age:GROUP
SELECT age // 10, count(*) FROM brand.customers GROUP BY 1
--# V211 | filter column in bands by a remainder | expect=REJECT:CONTEXT:age:GROUP
SELECT age - age % 10, count(*) FROM brand.customers GROUP BY 1
--# V212 | filter column by its remainder | expect=REJECT:FUNCTION
SELECT age % 10, count(*) FROM brand.customers GROUP BY 1
--# V213 | moment by the minute | expect=REJECT:FUNCTION_OR_GRAIN
SELECT date_trunc('minute', ts), count(*) FROM pub.impressions GROUP BY 1
--# V214 | moment by its hour | expect=REJECT:FUNCTION
SELECT hour(ts), count(*) FROM pub.impressions GROUP BY 1
--# V215 | moment by a part that is no class of days | expect=REJECT:FUNCTION
SELECT date_part('epoch', ts), count(*) FROM pub.impressions GROUP BY 1
--# V216 | moment as text | expect=REJECT:FUNCTION
SELECT strftime(ts, '%H:%M:%S'), count(*) FROM pub.impressions GROUP BY 1
--# V217 | moment in buckets of a second | expect=REJECT:FUNCTION
SELECT time_bucket(INTERVAL '1 second', ts), count(*) FROM pub.impressions GROUP BY 1
--# V218 | person as number | expect=REJECT:FUNCTION
SELECT ascii(user_id), count(*) FROM brand.customers GROUP BY 1
--# V219 | person beside a group | expect=REJECT:FUNCTION
SELECT concat(region, user_id), count(*) FROM brand.customers GROUP BY 1
--# V220 | person as a struct field | expect=REJECT:FUNCTION_OR_CONTEXT:user_id:GROUP
SELECT {'r': user_id}, count(*) FROM brand.customers GROUP BY 1
--# V221 | row number under a name | expect=REJECT:CONTEXT:rowid:GROUP
SELECT r, count(*) FROM (SELECT rowid AS r FROM brand.customers) GROUP BY r
--# V222 | part of a day from a constant and a column | expect=REJECT:FUNCTION
SELECT date_part(device, ts), count(*) FROM pub.impressions GROUP BY 1
--# V223 | coalesce as key | expect=REJECT:FUNCTION
SELECT coalesce(user_id, region), count(*) FROM brand.customers GROUP BY 1
--# V224 | greatest as key | expect=REJECT:FUNCTION
SELECT greatest(user_id, region), count(*) FROM brand.customers GROUP BY 1

-- ===== 3. aggregates that return values =====
--# V301 | smallest, other case and comment inside | expect=REJECT:AGG_FN
SELECT MiN/*sum*/(ltv) FROM brand.customers
--# V302 | smallest, quoted | expect=REJECT:AGG_FN
SELECT "min"("ltv") FROM brand.customers
--# V303 | smallest by schema | expect=REJECT:FUNCTION
SELECT main.min(ltv) FROM brand.customers
--# V304 | smallest by catalog | expect=REJECT:FUNCTION
SELECT system.main.sum(ltv) FROM brand.customers
--# V305 | first and last | expect=REJECT:AGG_FN
SELECT first(user_id), last(user_id) FROM brand.customers
--# V306 | the person of the largest value | expect=REJECT:AGG_FN
SELECT max_by(user_id, ltv) FROM brand.customers
--# V307 | text of all | expect=REJECT:AGG_FN
SELECT listagg(user_id, '|') FROM brand.customers
--# V308 | array of all | expect=REJECT:AGG_FN
SELECT array_agg(email_sha256) FROM brand.customers
--# V309 | quantiles | expect=REJECT:AGG_FN
SELECT quantile_cont(ltv, [0.0, 1.0]) FROM brand.customers
--# V310 | absolute deviation | expect=REJECT:AGG_FN
SELECT mad(ltv) FROM brand.customers
--# V311 | third and fourth moment | expect=REJECT:AGG_FN
SELECT skewness(ltv), kurtosis(ltv) FROM brand.customers
--# V312 | standard error | expect=REJECT:AGG_FN
SELECT sem(ltv) FROM brand.customers
--# V313 | bits of a key | expect=REJECT:AGG_FN
SELECT bitstring_agg(age, 0, 120) FROM brand.customers
--# V314 | sum of binary fractions | expect=REJECT:AGG_FN
SELECT fsum(ltv), kahan_sum(ltv) FROM brand.customers
--# V315 | approximate count | expect=REJECT:AGG_FN
SELECT approx_count_distinct(user_id) FROM brand.customers
--# V316 | list as a macro | expect=REJECT:FUNCTION
SELECT array_to_string(list(user_id), ',') FROM brand.customers
--# V317 | ordered list in HAVING | expect=REJECT:AGG_FN
SELECT region, count(*) FROM brand.customers GROUP BY region HAVING max(ltv) > 100
--# V318 | largest in ORDER BY | expect=REJECT:AGG_FN
SELECT region, count(*) FROM brand.customers GROUP BY region ORDER BY min(ltv)

-- ===== 4. one person inside an aggregate =====
--# V401 | case with other letters | expect=REJECT:AGG_ARG
SELECT SUM(cAsE WhEn user_id='u7' tHeN ltv EnD) FROM brand.customers
--# V402 | if | expect=REJECT:AGG_ARG_OR_FUNCTION
SELECT sum(if(user_id = 'u7', ltv, 0)) FROM brand.customers
--# V403 | weight | expect=REJECT:AGG_ARG
SELECT sum(ltv * 1000) FROM brand.customers
--# V404 | weight chosen below | expect=REJECT:FUNCTION
SELECT sum(w) FROM (SELECT ltv * age AS w FROM brand.customers)
--# V405 | weight in a common table | expect=REJECT:FUNCTION
WITH t AS (SELECT round(ltv, -3) AS ltv FROM brand.customers) SELECT sum(ltv) FROM t
--# V406 | coalesce inside | expect=REJECT:AGG_ARG
SELECT sum(coalesce(ltv, 1000000)) FROM brand.customers
--# V407 | coalesce below | expect=REJECT:FUNCTION
SELECT sum(v) FROM (SELECT coalesce(ltv, 1000000) AS v FROM brand.customers)
--# V408 | least and greatest below | expect=REJECT:FUNCTION
SELECT sum(v) FROM (SELECT least(ltv, 10) AS v FROM brand.customers)
--# V409 | absolute value inside | expect=REJECT:AGG_ARG
SELECT sum(abs(ltv)) FROM brand.customers
--# V410 | converted below | expect=REJECT:CAST
SELECT sum(v) FROM (SELECT ltv::INTEGER AS v FROM brand.customers)
--# V411 | constant renamed as a column | expect=REJECT:AGG_ARG
SELECT sum(v) FROM (SELECT 1 AS v FROM brand.customers)
--# V412 | filter clause, quoted and in a subquery | expect=REJECT:AGG_FILTER
SELECT n FROM (SELECT count(*) FILTER (WHERE "age" > 90) AS n FROM brand.customers)
--# V413 | distinct pairs | expect=REJECT:AGG_ARG_OR_FUNCTION
SELECT count(DISTINCT ROW(user_id, ltv)) FROM brand.customers
--# V414 | distinct with order | expect=REJECT:AGG_ORDER
SELECT count(DISTINCT user_id ORDER BY ltv) FROM brand.customers
--# V415 | measure of own weights over others' people | expect=REJECT:BIND
SELECT sum(s.label) FROM agency.seeds s JOIN brand.customers c ON s.user_id = c.user_id

-- ===== 4b. statistics =====
--# V421 | variance of a case | expect=REJECT:AGG_FN
SELECT var_pop(CASE WHEN age = 37 THEN ltv END) FROM brand.customers
--# V422 | variance of a weight | expect=REJECT:AGG_ARG
SELECT stddev(ltv * age) FROM brand.customers
--# V423 | variance of a column without the use | expect=REJECT:CONTEXT:age:AGG
SELECT variance(age) FROM brand.customers
--# V424 | regression on a column without the use | expect=REJECT:CONTEXT:age:AGG
SELECT regr_slope(ltv, age) FROM brand.customers
--# V425 | regression on a hidden column | expect=REJECT:AGG_FN_OR_BIND
SELECT corr(ltv, vip) FROM brand.customers
--# V426 | variance of the person | expect=REJECT:AGG_FN_OR_BIND
SELECT var_pop(user_id) FROM brand.customers
--# V427 | product that smuggles another owner's weights | expect=REJECT:AGG_ARG
SELECT covar_pop(c.ltv, i.spend) FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.user_id
--# V428 | the same, renamed below | expect=REJECT:AGG_ARG
WITH t AS (SELECT c.ltv AS a, i.spend AS b FROM brand.customers c JOIN pub.impressions i USING (user_id)) SELECT CORR(a, b) FROM t
--# V429 | the same, by a count of pairs | expect=REJECT:AGG_ARG
SELECT regr_count(c.ltv, i.spend) FROM brand.customers c JOIN pub.impressions i USING (user_id)
--# V430 | the same, by an average over pairs | expect=REJECT:AGG_ARG
SELECT regr_avgx(i.spend, c.ltv) FROM brand.customers c JOIN pub.impressions i USING (email_sha256)
--# V431 | own indicator times another's value | expect=REJECT:BIND
SELECT covar_pop(s.label, c.ltv) FROM agency.seeds s JOIN brand.customers c USING (user_id)
--# V432 | constant as the second argument | expect=REJECT:AGG_FN
SELECT covar_pop(ltv, 1) FROM brand.customers
--# V433 | constant that a subquery names | expect=REJECT:AGG_ARG
SELECT covar_pop(ltv, one) FROM (SELECT ltv, 1 AS one FROM brand.customers)
--# V434 | distinct values only | expect=REJECT:AGG_ARG
SELECT var_pop(DISTINCT ltv) FROM brand.customers
--# V435 | filter clause | expect=REJECT:AGG_FILTER
SELECT stddev_pop(ltv) FILTER (WHERE age > 90) FROM brand.customers
--# V436 | order inside | expect=REJECT:AGG_ORDER
SELECT var_samp(ltv ORDER BY age) FROM brand.customers
--# V437 | over a window | expect=REJECT:OP
SELECT var_pop(ltv) OVER (PARTITION BY region) FROM brand.customers
--# V438 | of an aggregate | expect=REJECT:NESTED_AGG
SELECT stddev(s) FROM (SELECT region, sum(ltv) AS s FROM brand.customers GROUP BY region)
--# V439 | of row numbers | expect=REJECT:AGG_ARG_OR_CONTEXT:rowid:AGG
SELECT covar_pop(ltv, rowid) FROM brand.customers
--# V440 | converted argument | expect=REJECT:AGG_ARG
SELECT var_pop(ltv::DOUBLE) FROM brand.customers
--# V441 | converted below | expect=REJECT:CAST
SELECT var_pop(v) FROM (SELECT ltv::DOUBLE AS v FROM brand.customers)
--# V442 | of moments | expect=REJECT:AGG_FN_OR_BIND
SELECT var_pop(ts) FROM brand.orders
--# V443 | three arguments | expect=REJECT:AGG_FN_OR_BIND
SELECT covar_pop(ltv, ltv, ltv) FROM brand.customers

-- ===== 5. predicates =====
--# V501 | person, quoted in other case | expect=REJECT:CONTEXT:user_id:FILTER
SELECT count(*) FROM brand.customers WHERE "USER_ID" = 'u7'
--# V502 | person, literal first | expect=REJECT:CONTEXT:user_id:FILTER
SELECT count(*) FROM brand.customers WHERE 'u7' = user_id
--# V503 | person, not equal | expect=REJECT:CONTEXT:user_id:FILTER
SELECT count(*) FROM brand.customers WHERE NOT (user_id <> 'u7')
--# V504 | person in a long list | expect=REJECT:CONTEXT:user_id:FILTER
SELECT count(*) FROM brand.customers WHERE region = 'north' AND user_id NOT IN ('u1', 'u2', 'u3')
--# V505 | person by an alias of a common table | expect=REJECT:CONTEXT:user_id:FILTER
WITH t AS (SELECT user_id AS age, ltv FROM brand.customers) SELECT sum(ltv) FROM t WHERE age = 'u7'
--# V506 | person by USING | expect=REJECT:CONTEXT:user_id:FILTER
SELECT count(*) FROM brand.customers JOIN pub.impressions USING (user_id) WHERE user_id > 'u7'
--# V507 | measure between | expect=REJECT:CONTEXT:ltv:FILTER
SELECT count(*) FROM brand.customers WHERE ltv BETWEEN 100 AND 101
--# V508 | measure absent | expect=REJECT:CONTEXT:ltv:FILTER
SELECT count(*) FROM brand.customers WHERE ltv IS NOT NULL
--# V509 | hidden flag, compared | expect=REJECT:CONTEXT:vip:FILTER
SELECT count(*) FROM brand.customers WHERE vip IS NULL OR vip = true
--# V510 | hidden text in OR | expect=REJECT:CONTEXT:notes:FILTER
SELECT count(*) FROM pub.impressions WHERE device = 'ios' OR notes = 'x'
--# V511 | moment by the microsecond | expect=REJECT:GRAIN
SELECT count(*) FROM pub.impressions WHERE ts < TIMESTAMP '2026-01-01 00:00:00.000001'
--# V512 | moment in a list | expect=REJECT:GRAIN
SELECT count(*) FROM pub.impressions WHERE ts IN ('2026-01-01', '2026-01-02')
--# V513 | moment between ends of days | expect=REJECT:GRAIN
SELECT count(*) FROM pub.impressions WHERE ts BETWEEN '2026-01-01' AND '2026-01-02'
--# V514 | half a step of a number | expect=REJECT:GRAIN_OR_CAST
SELECT count(*) FROM brand.customers WHERE age >= 36.5
--# V515 | band in a condition | expect=REJECT:OP_OR_FUNCTION
SELECT count(*) FROM brand.customers WHERE age // 10 = 3
--# V516 | part of a moment in a condition | expect=REJECT:OP_OR_FUNCTION
SELECT count(*) FROM pub.impressions WHERE year(ts) = 2026
--# V517 | prefix | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE starts_with(user_id, 'u')
--# V518 | pattern on a group column | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE region GLOB 'n*'
--# V519 | collation | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE region COLLATE NOCASE = 'NORTH'
--# V520 | distinct from | expect=REJECT:OP
SELECT count(*) FROM brand.customers WHERE region IS DISTINCT FROM 'north'
--# V521 | condition above on a key that may not be filtered | expect=REJECT:OP_POSITION
SELECT w, n FROM (SELECT date_trunc('day', ts) AS w, count(*) AS n FROM brand.orders GROUP BY 1) WHERE w = '2026-01-01'
--# V522 | any of a list | expect=REJECT:OP
SELECT count(*) FROM brand.customers WHERE region = ANY(SELECT region FROM brand.customers)

-- ===== 6. joins =====
--# V601 | left, in other case | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c lEfT oUtEr jOiN pub.impressions i ON c.user_id = i.user_id
--# V602 | right | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c RIGHT JOIN pub.impressions i USING (user_id)
--# V603 | or in ON | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.user_id OR c.email_sha256 = i.email_sha256
--# V604 | inequality in ON | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.user_id AND c.user_id > i.user_id
--# V605 | literal in ON | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.user_id AND i.user_id = 'u7'
--# V606 | always true | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON true
--# V607 | comma and condition | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c, pub.impressions i WHERE c.user_id = i.user_id
--# V608 | NATURAL over a column that may not be joined | expect=REJECT:JOIN
SELECT count(*) FROM brand.orders NATURAL JOIN pub.impressions
--# V609 | other columns of other kinds | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.email_sha256
--# V610 | renamed so that USING takes another | expect=REJECT:JOIN
SELECT count(*) FROM (SELECT region AS k FROM brand.customers) a JOIN (SELECT label AS k FROM agency.seeds) b USING (k)
--# V611 | positional | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers POSITIONAL JOIN agency.seeds
--# V612 | lateral | expect=REJECT:OP_OR_JOIN
SELECT count(*) FROM brand.customers c JOIN LATERAL (SELECT * FROM agency.seeds s WHERE s.user_id = c.user_id) t ON true
--# V613 | list of persons unnested | expect=REJECT:TABLE_FUNCTION_OR_FUNCTION_OR_OP
SELECT count(*) FROM brand.customers c JOIN (SELECT unnest(['u7']) AS u) v ON c.user_id = v.u
--# V614 | converted side | expect=REJECT:JOIN
SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON CAST(c.user_id AS VARCHAR) = i.user_id || ''

-- ===== 7. picking rows =====
--# V701 | limit below | expect=REJECT:OP_POSITION
SELECT sum(ltv) FROM (SELECT ltv FROM brand.customers LIMIT 1)
--# V702 | limit in a common table | expect=REJECT:OP_POSITION
WITH t AS (SELECT * FROM brand.customers ORDER BY ltv DESC LIMIT 1) SELECT sum(ltv) FROM t
--# V703 | offset above | expect=REJECT:OP
SELECT region, count(*) FROM brand.customers GROUP BY region LIMIT 1 OFFSET 1
--# V704 | percent | expect=REJECT:OP
SELECT region, count(*) FROM brand.customers GROUP BY region LIMIT 10%
--# V705 | sample of a table | expect=REJECT:SAMPLE
SELECT count(*) FROM brand.customers TABLESAMPLE 10%
--# V706 | sample in a subquery | expect=REJECT:SAMPLE
SELECT count(*) FROM (SELECT * FROM brand.customers USING SAMPLE 1 ROWS)
--# V707 | two levels of groups | expect=REJECT:NESTED_AGG
SELECT count(*) FROM (SELECT user_id FROM brand.customers GROUP BY user_id HAVING sum(ltv) > 100)
--# V708 | two levels by common tables | expect=REJECT:NESTED_AGG
WITH u AS (SELECT user_id, count(*) AS n FROM pub.impressions GROUP BY user_id) SELECT avg(n) FROM u
--# V709 | difference of sets | expect=REJECT:OP
SELECT count(*) FROM (SELECT user_id FROM brand.customers EXCEPT SELECT user_id FROM agency.seeds)
--# V710 | intersection of sets | expect=REJECT:OP
SELECT count(*) FROM (SELECT user_id FROM brand.customers INTERSECT SELECT user_id FROM agency.seeds)
--# V711 | rank in a window | expect=REJECT:OP
SELECT sum(ltv) FROM (SELECT ltv, rank() OVER (ORDER BY ltv) AS r FROM brand.customers) WHERE r = 1

-- ===== 8. shape =====
--# V801 | scalar subquery beside an aggregate | expect=REJECT:OP
SELECT count(*), (SELECT count(*) FROM brand.orders) FROM brand.customers
--# V802 | existence | expect=REJECT:OP
SELECT count(*) FROM brand.customers WHERE EXISTS (SELECT 1 FROM brand.orders)
--# V803 | order by a case | expect=REJECT:FUNCTION
SELECT region, count(*) AS n FROM brand.customers GROUP BY region ORDER BY CASE WHEN count(*) > 3 THEN 1 ELSE 0 END
--# V804 | cube | expect=REJECT:GROUPING_SETS
SELECT region, segment, sum(ltv) FROM brand.customers GROUP BY CUBE (1, 2)
--# V805 | which grouping | expect=REJECT:GROUPING_SETS
SELECT region, GROUPING(region), count(*) FROM brand.customers GROUP BY ROLLUP (region)
--# V806 | pivot in a subquery | expect=REJECT:OP_OR_STATEMENT
SELECT * FROM (PIVOT brand.customers ON region USING count(*))
--# V807 | limit that a value decides | expect=REJECT:OP
SELECT region, count(*) FROM brand.customers GROUP BY region LIMIT (SELECT count(*) FROM brand.customers)

-- ===== 9. errors =====
--# V901 | division of a column | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE 1 / (age - 37) > 0
--# V902 | conversion of a key | expect=REJECT:CAST
SELECT region::DATE, count(*) FROM brand.customers GROUP BY 1
--# V903 | root of a measure | expect=REJECT:FUNCTION_OR_AGG_ARG
SELECT sum(sqrt(ltv - 512)) FROM brand.customers
--# V904 | logarithm of a result | expect=REJECT:FUNCTION
SELECT ln(sum(ltv)) FROM brand.customers
--# V905 | power of a result | expect=REJECT:FUNCTION
SELECT sum(ltv) ** 100 FROM brand.customers
--# V906 | division of results without nullif | expect=REJECT:FUNCTION
SELECT sum(ltv) / count(*) FROM brand.customers
--# V907 | conversion of a result | expect=REJECT:CAST
SELECT sum(ltv)::TINYINT FROM brand.customers
--# V908 | rounding to digits that a result chooses | expect=REJECT:FUNCTION_OR_BIND
SELECT round(sum(ltv), count(*)::INTEGER) FROM brand.customers
--# V909 | date made of a column | expect=REJECT:FUNCTION
SELECT count(*) FROM brand.customers WHERE make_date(2026, age, 1) > '2026-01-01'
--# V910 | error with a value in it | expect=REJECT:FUNCTION
SELECT error(region), count(*) FROM brand.customers GROUP BY 1

-- ===== 10. the engine =====
--# V1001 | file by another reader | expect=REJECT:TABLE_FUNCTION
SELECT count(*) FROM read_text('/etc/passwd')
--# V1002 | file by its name, quoted | expect=REJECT:TABLE
SELECT count(*) FROM "/etc/passwd"
--# V1003 | file in a common table | expect=REJECT:TABLE_FUNCTION
WITH t AS (FROM read_blob('/proc/self/environ')) SELECT count(*) FROM t
--# V1004 | query in a string | expect=REJECT:TABLE_FUNCTION
SELECT count(*) FROM query('SELECT user_id FROM brand.customers')
--# V1005 | catalog by schema | expect=REJECT:TABLE
SELECT count(*) FROM information_schema.tables
--# V1006 | catalog as a table of no schema | expect=REJECT:TABLE
SELECT count(*) FROM sqlite_master
--# V1007 | dataset in another catalog | expect=REJECT:TABLE
SELECT count(*) FROM memory.brand.customers
--# V1008 | macro | expect=REJECT:STATEMENT
CREATE TEMP MACRO sum(x) AS max(x)
--# V1009 | macro of tables | expect=REJECT:STATEMENT
CREATE MACRO t() AS TABLE SELECT * FROM brand.customers
--# V1010 | two statements | expect=REJECT:MULTI
SELECT count(*) FROM brand.customers; SELECT count(*) FROM brand.orders
--# V1011 | two statements, hidden | expect=REJECT:MULTI_OR_STATEMENT
SELECT count(*) FROM brand.customers /* ; */ ; CREATE TABLE x (i INTEGER) -- ;
--# V1012 | prepared | expect=REJECT:STATEMENT
PREPARE p AS SELECT count(*) FROM brand.customers
--# V1013 | attach | expect=REJECT:STATEMENT
ATTACH 'x.db' AS x
--# V1014 | settings | expect=REJECT:STATEMENT
PRAGMA database_list
--# V1015 | load | expect=REJECT:STATEMENT
LOAD httpfs
--# V1016 | variable | expect=REJECT:FUNCTION
SELECT count(*), getvariable('x') FROM brand.customers
--# V1017 | sequence | expect=REJECT:FUNCTION
SELECT count(*), nextval('s') FROM brand.customers
--# V1018 | clock | expect=REJECT:FUNCTION
SELECT now(), count(*) FROM brand.customers
--# V1019 | chance | expect=REJECT:FUNCTION
SELECT random(), count(*) FROM brand.customers
--# V1020 | positional parameter | expect=REJECT:PARAMETER
SELECT count(*) FROM brand.customers WHERE region = ?
--# V1021 | named parameter | expect=REJECT:PARAMETER
SELECT count(*) FROM brand.customers WHERE region = $region
--# V1022 | method of a column | expect=REJECT:FUNCTION
SELECT user_id.upper(), count(*) FROM brand.customers GROUP BY 1
--# V1023 | list comprehension | expect=REJECT:FUNCTION
SELECT [x FOR x IN [1, 2]], count(*) FROM brand.customers
--# V1024 | at another time | expect=REJECT:OP_OR_PARSE
SELECT count(*) FROM brand.customers AT (VERSION => 1)

-- ===== 11. work =====
--# V1101 | endless | expect=REJECT:OP
WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t
--# V1102 | long text | expect=REJECT:FUNCTION
SELECT repeat('x', 1000000000), count(*) FROM brand.customers
--# V1103 | padded text | expect=REJECT:FUNCTION
SELECT lpad('x', 2000000000, 'y'), count(*) FROM brand.customers
--# V1104 | pairs of all | expect=REJECT:JOIN
SELECT count(*) FROM pub.impressions a CROSS JOIN pub.impressions b
--# V1105 | range | expect=REJECT:TABLE_FUNCTION
SELECT count(*) FROM generate_series(1, 1000000000000)

-- ===== letters that look alike =====
--# V1201 | Cyrillic letters in a function | expect=REJECT:PARSE
SELECT соunt(*) FROM brand.customers
--# V1202 | Greek letter in a dataset | expect=REJECT:PARSE
SELECT count(*) FROM brand.custοmers
--# V1203 | full-width letters in a column | expect=REJECT:PARSE
SELECT ｒegion, count(*) FROM brand.customers GROUP BY 1
--# V1204 | dotless letter in a column | expect=REJECT:PARSE
SELECT regıon, count(*) FROM brand.customers GROUP BY 1
--# V1205 | Kelvin sign is no k, ſ is no s | expect=REJECT:PARSE
SELECT ſum(ltv) FROM brand.customers
--# V1206 | space of no breaking | expect=REJECT:PARSE
SELECT user_id, count(*) FROM brand.customers GROUP BY user_id
--# V1207 | full-width semicolon | expect=REJECT:PARSE
SELECT count(*) FROM brand.customers； DROP TABLE x
--# V1208 | letter without width inside a name | expect=REJECT:PARSE
SELECT user_​id, count(*) FROM brand.customers GROUP BY 1
--# V1209 | alias of look-alikes of a harmless name | expect=REJECT:CONTEXT:user_id:GROUP
SELECT user_id AS "rеgion", count(*) FROM brand.customers GROUP BY 1
