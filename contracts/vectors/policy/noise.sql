-- Queries of the agency for itself under noise.contract.json, in which brand.customers and pub.impressions are of the tier dp: how they are bounded and
-- blurred, which is in the plan and so in its digest. The rules are contracts/spec/0003 s.5 and 0014. The marker is that of queries.sql.

-- ===== one dataset =====
--# N01 | a number | expect=ALLOW
SELECT count(*) FROM brand.customers
--# N02 | people | expect=ALLOW
SELECT count(DISTINCT user_id) FROM brand.customers
--# N03 | a sum | expect=ALLOW
SELECT sum(ltv) FROM brand.customers
--# N04 | an average | expect=ALLOW
SELECT avg(ltv) FROM brand.customers
--# N05 | all of them | expect=ALLOW
SELECT count(*), count(DISTINCT user_id), sum(ltv), avg(ltv), sum(price) FROM brand.customers
--# N06 | clamps below zero and with digits | expect=ALLOW
SELECT sum(price), avg(price) FROM brand.customers
--# N07 | a column without clamps | expect=REJECT:CONTEXT:rank:AGG
SELECT sum(rank) FROM brand.customers
--# N08 | a statistic | expect=REJECT:AGG_FN
SELECT stddev(ltv) FROM brand.customers
--# N09 | two statistics | expect=REJECT:AGG_FN
SELECT var_pop(ltv), corr(ltv, price) FROM brand.customers
--# N10 | different values that are no people | expect=ALLOW
SELECT count(DISTINCT region) FROM brand.customers
--# N11 | a hundred numbers | expect=ALLOW
SELECT sum(ltv) + 0, sum(ltv) + 1, sum(ltv) + 2, sum(ltv) + 3, sum(ltv) + 4, sum(ltv) + 5, sum(ltv) + 6, sum(ltv) + 7, sum(ltv) + 8, sum(ltv) + 9, sum(ltv) + 10, sum(ltv) + 11, sum(ltv) + 12, sum(ltv) + 13, sum(ltv) + 14, sum(ltv) + 15, sum(ltv) + 16, sum(ltv) + 17, sum(ltv) + 18, sum(ltv) + 19, sum(ltv) + 20, sum(ltv) + 21, sum(ltv) + 22, sum(ltv) + 23, sum(ltv) + 24, sum(ltv) + 25, sum(ltv) + 26, sum(ltv) + 27, sum(ltv) + 28, sum(ltv) + 29, sum(ltv) + 30, sum(ltv) + 31, sum(ltv) + 32, sum(ltv) + 33, sum(ltv) + 34, sum(ltv) + 35, sum(ltv) + 36, sum(ltv) + 37, sum(ltv) + 38, sum(ltv) + 39, sum(ltv) + 40, sum(ltv) + 41, sum(ltv) + 42, sum(ltv) + 43, sum(ltv) + 44, sum(ltv) + 45, sum(ltv) + 46, sum(ltv) + 47, sum(ltv) + 48, sum(ltv) + 49, sum(ltv) + 50, sum(ltv) + 51, sum(ltv) + 52, sum(ltv) + 53, sum(ltv) + 54, sum(ltv) + 55, sum(ltv) + 56, sum(ltv) + 57, sum(ltv) + 58, sum(ltv) + 59, sum(ltv) + 60, sum(ltv) + 61, sum(ltv) + 62, sum(ltv) + 63, sum(ltv) + 64, sum(ltv) + 65, sum(ltv) + 66, sum(ltv) + 67, sum(ltv) + 68, sum(ltv) + 69, sum(ltv) + 70, sum(ltv) + 71, sum(ltv) + 72, sum(ltv) + 73, sum(ltv) + 74, sum(ltv) + 75, sum(ltv) + 76, sum(ltv) + 77, sum(ltv) + 78, sum(ltv) + 79, sum(ltv) + 80, sum(ltv) + 81, sum(ltv) + 82, sum(ltv) + 83, sum(ltv) + 84, sum(ltv) + 85, sum(ltv) + 86, sum(ltv) + 87, sum(ltv) + 88, sum(ltv) + 89, sum(ltv) + 90, sum(ltv) + 91, sum(ltv) + 92, sum(ltv) + 93, sum(ltv) + 94, sum(ltv) + 95, sum(ltv) + 96, sum(ltv) + 97, sum(ltv) + 98, sum(ltv) + 99 FROM brand.customers
--# N12 | two hundred numbers | expect=REJECT:AGG_FILTER
SELECT sum(ltv) FILTER (WHERE age < 0), sum(ltv) FILTER (WHERE age < 1) FROM brand.customers

-- ===== groups =====
--# N13 | declared values | expect=ALLOW
SELECT region, count(*) FROM brand.customers GROUP BY region
--# N14 | values that are chosen | expect=ALLOW
SELECT segment, count(*) FROM brand.customers GROUP BY segment
--# N15 | declared numbers | expect=ALLOW
SELECT age, count(*) FROM brand.customers GROUP BY age
--# N16 | numbers without a step | expect=ALLOW
SELECT level, count(*) FROM brand.customers GROUP BY level
--# N17 | bands around zero | expect=ALLOW
SELECT (level // 10) * 10, count(*) FROM brand.customers GROUP BY (level // 10) * 10
--# N18 | bands | expect=ALLOW
SELECT (age // 10) * 10, count(*) FROM brand.customers GROUP BY (age // 10) * 10
--# N19 | numbers of bands | expect=ALLOW
SELECT age // 10, count(*) FROM brand.customers GROUP BY age // 10
--# N20 | ten thousand numbers | expect=ALLOW
SELECT rank, count(*) FROM brand.customers GROUP BY rank
--# N21 | one more than ten thousand | expect=ALLOW
SELECT wide, count(*) FROM brand.customers GROUP BY wide
--# N22 | bands of two | expect=ALLOW
SELECT (wide // 2) * 2, count(*) FROM brand.customers GROUP BY (wide // 2) * 2
--# N23 | a step that is not one | expect=ALLOW
SELECT odd, count(*) FROM brand.customers GROUP BY odd
--# N24 | declared decimals | expect=ALLOW
SELECT price, count(*) FROM brand.customers GROUP BY price
--# N25 | declared truths | expect=ALLOW
SELECT vote, count(*) FROM brand.customers GROUP BY vote
--# N26 | without the use | expect=REJECT:CONTEXT:vip:GROUP
SELECT vip, count(*) FROM brand.customers GROUP BY vip
--# N27 | two declared keys | expect=ALLOW
SELECT region, vote, count(*) FROM brand.customers GROUP BY region, vote
--# N28 | a hundred times hundred and more | expect=ALLOW
SELECT age, level, odd, count(*) FROM brand.customers GROUP BY age, level, odd
--# N29 | one declared and one chosen | expect=ALLOW
SELECT region, segment, count(*) FROM brand.customers GROUP BY region, segment
--# N30 | declared keys alone | expect=REJECT:NO_AGG
SELECT region FROM brand.customers GROUP BY region
--# N31 | with a condition | expect=ALLOW
SELECT region, count(*) AS n FROM brand.customers WHERE age < 50 GROUP BY region HAVING count(*) > 5 ORDER BY n LIMIT 3
--# N32 | band of a quotient | expect=ALLOW
SELECT floor(age / 25) * 25, count(*) FROM brand.customers GROUP BY 1

-- ===== several datasets =====
--# N33 | two of the tier | expect=ALLOW
SELECT c.region, count(*) FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.user_id GROUP BY c.region
--# N34 | the other's declared values | expect=ALLOW
SELECT i.device, count(*) FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.user_id GROUP BY i.device
--# N35 | sums of both | expect=ALLOW
SELECT c.region, sum(i.spend), sum(c.ltv), count(DISTINCT c.user_id) FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.user_id GROUP BY c.region
--# N36 | values that are chosen | expect=ALLOW
SELECT i.campaign, count(*) FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.user_id GROUP BY i.campaign
--# N37 | one of the tier alone | expect=ALLOW
SELECT campaign, count(*), sum(spend) FROM pub.impressions GROUP BY campaign
--# N38 | no groups | expect=ALLOW
SELECT count(*), sum(spend) FROM pub.impressions
--# N39 | with the asker's own | expect=ALLOW
SELECT count(*) FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id
--# N40 | own labels | expect=ALLOW
SELECT s.label, count(*) FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id GROUP BY s.label
--# N41 | with a dataset of the tier threshold | expect=ALLOW
SELECT c.region, count(*), sum(o.amount) FROM brand.customers c JOIN brand.orders o ON c.user_id = o.user_id GROUP BY c.region
--# N42 | not by people | expect=REJECT:UNIT_JOIN
SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.email_sha256 = i.email_sha256
--# N43 | three tables | expect=ALLOW
SELECT c.region, count(*) FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.user_id JOIN brand.orders o ON c.user_id = o.user_id GROUP BY c.region
--# N44 | own data alone | expect=ALLOW
SELECT label, count(*) FROM agency.seeds GROUP BY label
--# N45 | a dataset twice | expect=ALLOW
SELECT count(*) FROM pub.impressions a JOIN pub.impressions b ON a.user_id = b.user_id
--# N46 | own data twice | expect=ALLOW
SELECT count(*) FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id JOIN agency.seeds t ON s.user_id = t.user_id
