-- Queries of the agency for itself under lists.contract.json, in which brand.customers and pub.impressions are of the tier list, each with its verdict.
-- The rules are contracts/spec/0003 s.9 and 0008 s.12. The marker is that of queries.sql.
--# L01 | columns that may be listed | expect=ALLOW
SELECT c.user_id, c.segment FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# L02 | own columns are free | expect=ALLOW
SELECT s.user_id, s.label, s.email_sha256, c.segment FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# L03 | own columns alone: who of the seeds is a customer | expect=ALLOW
SELECT s.user_id FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# L04 | no own column | expect=ALLOW
SELECT c.segment, c.ltv FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# L05 | USING | expect=ALLOW
SELECT s.label, c.age FROM agency.seeds s JOIN brand.customers c USING (user_id)
--# L06 | NATURAL over two join columns | expect=ALLOW
SELECT label, segment FROM agency.seeds NATURAL JOIN brand.customers
--# L07 | a further condition | expect=ALLOW
SELECT s.label FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id AND c.email_sha256 = s.email_sha256
--# L08 | filter | expect=ALLOW
SELECT c.user_id, c.age FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id WHERE c.age >= 30 AND c.region IN ('north', 'south') AND NOT (c.segment = 'a')
--# L09 | filter on own rows | expect=ALLOW
SELECT c.segment FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id WHERE s.user_id <> 'x' AND s.label IS NOT NULL
--# L10 | order and limit | expect=ALLOW
SELECT c.user_id, c.ltv FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id ORDER BY c.ltv DESC NULLS LAST, user_id LIMIT 10
--# L11 | order by place and alias | expect=ALLOW
SELECT c.user_id AS who, c.age AS years FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id ORDER BY years, 1
--# L12 | limit alone | expect=ALLOW
SELECT c.user_id FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id LIMIT 5
--# L13 | two owners, both joined by the unit | expect=ALLOW
SELECT s.user_id, c.segment, i.campaign FROM agency.seeds s JOIN brand.customers c ON s.user_id = c.user_id JOIN pub.impressions i ON i.user_id = s.user_id
--# L14 | two owners, one joined through the other | expect=ALLOW
SELECT i.ts, c.segment FROM agency.seeds s JOIN brand.customers c ON s.user_id = c.user_id JOIN pub.impressions i ON i.user_id = c.user_id WHERE i.ts >= TIMESTAMP '2026-01-01 00:00:00'
--# L15 | the same column twice | expect=ALLOW
SELECT c.segment, c.segment FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# L16 | common table | expect=ALLOW
WITH k AS (SELECT user_id AS u, segment FROM brand.customers WHERE age >= 40) SELECT s.label, k.segment FROM k JOIN agency.seeds s ON s.user_id = k.u
--# L17 | subquery with renamed columns | expect=ALLOW
SELECT x.g FROM (SELECT c.segment AS g FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id) x ORDER BY x.g LIMIT 3
--# L18 | condition outside of a subquery | expect=ALLOW
SELECT * FROM (SELECT c.segment, c.age FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id) WHERE age < 30
--# L19 | a dataset twice | expect=ALLOW
SELECT a.segment, b.age FROM brand.customers a JOIN agency.seeds s ON a.user_id = s.user_id JOIN brand.customers b ON b.user_id = s.user_id
--# L20 | filter on the unit of who asks, which is its own | expect=ALLOW
SELECT c.age FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id WHERE s.user_id IN ('a', 'b')
--# L21 | own data alone in the other form still stands | expect=ALLOW
SELECT label, count(*) FROM agency.seeds GROUP BY label
--# L22 | a dataset of the tier threshold alone is answered as ever | expect=ALLOW
SELECT sku, sum(amount) FROM brand.orders GROUP BY sku
--# L23 | a column without the use | expect=REJECT:CONTEXT:region:LIST
SELECT c.user_id, c.region FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# L24 | a column without any use | expect=REJECT:CONTEXT:vip:LIST
SELECT vip FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# L25 | an identifier that may only be joined | expect=REJECT:CONTEXT:email_sha256:LIST
SELECT c.email_sha256 FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# L26 | another owner's unit | expect=REJECT:CONTEXT:user_id:LIST
SELECT i.user_id FROM pub.impressions i JOIN agency.seeds s ON i.user_id = s.user_id
--# L27 | star | expect=REJECT:CONTEXT:vip:LIST
SELECT * FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# L28 | behind a name | expect=REJECT:CONTEXT:region:LIST
SELECT label FROM (SELECT c.region AS label FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id) x
--# L29 | row number | expect=REJECT:CONTEXT:rowid:LIST
SELECT c.rowid, c.segment FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# L30 | alone | expect=REJECT:JOIN_REQUIRED
SELECT user_id FROM brand.customers
--# L31 | two owners without data of who asks | expect=REJECT:JOIN_REQUIRED
SELECT c.segment FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.user_id
--# L32 | joined by another column than the unit | expect=REJECT:JOIN_REQUIRED
SELECT c.segment FROM brand.customers c JOIN agency.seeds s ON c.email_sha256 = s.email_sha256
--# L33 | one joined by the unit, another through another column | expect=REJECT:JOIN_REQUIRED
SELECT c.segment, i.campaign FROM agency.seeds s JOIN brand.customers c ON s.user_id = c.user_id JOIN pub.impressions i ON i.email_sha256 = c.email_sha256
--# L34 | the second occurrence of a dataset by another column | expect=REJECT:JOIN_REQUIRED
SELECT b.segment FROM agency.seeds s JOIN brand.customers a ON s.user_id = a.user_id JOIN brand.customers b ON a.email_sha256 = b.email_sha256
--# L35 | joined by an attribute | expect=REJECT:CONTEXT:region:JOIN
SELECT c.segment FROM brand.customers c JOIN agency.seeds s ON c.region = s.label
--# L36 | left join: everybody who is not met | expect=REJECT:JOIN
SELECT c.segment FROM brand.customers c LEFT JOIN agency.seeds s ON c.user_id = s.user_id
--# L37 | anti join | expect=REJECT:JOIN
SELECT c.segment FROM brand.customers c ANTI JOIN agency.seeds s ON c.user_id = s.user_id
--# L38 | inequality | expect=REJECT:JOIN
SELECT c.segment FROM brand.customers c JOIN agency.seeds s ON c.user_id <> s.user_id
--# L39 | comma | expect=REJECT:JOIN
SELECT c.segment FROM brand.customers c, agency.seeds s WHERE c.user_id = s.user_id
--# L40 | count(*) uses no column | expect=REJECT:AGG_FN
SELECT count(*) FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# L41 | count of own people | expect=REJECT:AGG_FN
SELECT count(DISTINCT s.user_id) FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# L42 | groups of own values without an aggregate | expect=REJECT:AGG_FN
SELECT s.label FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id GROUP BY s.label
--# L43 | a constant group | expect=REJECT:AGG_FN
SELECT 1 FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id GROUP BY ALL HAVING count(*) > 50
--# L44 | sum of what may be listed | expect=REJECT:CONTEXT:ltv:AGG
SELECT sum(c.ltv) FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# L45 | groups of what may be listed | expect=REJECT:CONTEXT:age:GROUP
SELECT c.age, count(*) FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id GROUP BY c.age
--# L46 | DISTINCT | expect=REJECT:OP
SELECT DISTINCT c.segment FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# L47 | with another tier | expect=REJECT:TIER_MIX
SELECT c.segment FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id JOIN brand.orders o ON o.user_id = s.user_id
--# L48 | a column of another tier | expect=REJECT:CONTEXT:amount:LIST
SELECT c.segment, o.amount FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id JOIN brand.orders o ON o.user_id = s.user_id
--# L49 | with another tier, counted | expect=REJECT:TIER_MIX
SELECT count(*) FROM brand.customers c JOIN brand.orders o ON o.user_id = c.user_id
--# L50 | rows of the tier threshold | expect=REJECT:NO_AGG
SELECT o.sku FROM brand.orders o JOIN agency.seeds s ON o.user_id = s.user_id
--# L51 | rows of the tier threshold lack the use | expect=REJECT:CONTEXT:sku:LIST
SELECT o.sku FROM brand.orders o JOIN agency.seeds s ON o.user_id = s.user_id
--# L52 | own rows alone: there is no overlap | expect=REJECT:NO_AGG
SELECT label FROM agency.seeds
--# L53 | a constant | expect=REJECT:OP
SELECT 'x', c.segment FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# L54 | arithmetic | expect=REJECT:FUNCTION
SELECT c.age + 1 FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# L55 | a period | expect=REJECT:OP
SELECT date_trunc('month', i.ts) FROM pub.impressions i JOIN agency.seeds s ON i.user_id = s.user_id
--# L56 | a band | expect=REJECT:OP
SELECT (c.age // 10) * 10 FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# L57 | text put together | expect=REJECT:FUNCTION_OR_OP
SELECT c.user_id || c.segment FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# L58 | a cast | expect=REJECT:CAST
SELECT CAST(c.age AS VARCHAR) FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# L59 | CASE | expect=REJECT:FUNCTION_OR_OP
SELECT CASE WHEN c.age > 30 THEN c.segment END FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# L60 | filter without the use | expect=REJECT:CONTEXT:vip:FILTER
SELECT c.segment FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id WHERE c.vip
--# L61 | filter on the unit | expect=REJECT:CONTEXT:user_id:FILTER
SELECT c.segment FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id WHERE c.user_id = 'x'
--# L62 | a moment off the grain | expect=REJECT:GRAIN
SELECT i.campaign FROM pub.impressions i JOIN agency.seeds s ON i.user_id = s.user_id WHERE i.ts < TIMESTAMP '2026-01-01 10:30:00'
--# L63 | order by what is not listed | expect=REJECT:OP_POSITION
SELECT c.segment FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id ORDER BY c.age
--# L64 | order by what may not be listed | expect=REJECT:OP_POSITION
SELECT c.segment FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id ORDER BY c.vip
--# L65 | limit below a join | expect=REJECT:OP_POSITION
SELECT c.segment FROM (SELECT * FROM brand.customers LIMIT 1) c JOIN agency.seeds s ON c.user_id = s.user_id
--# L66 | ordered pick below a join | expect=REJECT:OP_POSITION
SELECT c.segment FROM (SELECT * FROM brand.customers ORDER BY ltv DESC LIMIT 60) c JOIN agency.seeds s ON c.user_id = s.user_id
--# L67 | a condition over a limit | expect=REJECT:OP_POSITION
SELECT * FROM (SELECT c.segment, c.age FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id LIMIT 100) WHERE age < 30
--# L68 | offset: one by one | expect=REJECT:OP
SELECT c.segment FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id ORDER BY c.segment LIMIT 1 OFFSET 3
--# L69 | limit that looks at data | expect=REJECT:OP
SELECT c.segment FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id LIMIT (SELECT count(*) FROM brand.customers)
--# L70 | a sample | expect=REJECT:SAMPLE
SELECT c.segment FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id USING SAMPLE 60 ROWS
--# L71 | window | expect=REJECT:OP
SELECT c.segment, row_number() OVER (ORDER BY c.ltv) FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# L72 | union with made-up rows | expect=REJECT:OP
SELECT c.segment FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id UNION ALL SELECT 'x'
