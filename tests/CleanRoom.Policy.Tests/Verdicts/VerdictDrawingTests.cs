using System.Collections.Immutable;
using System.Xml;
using System.Xml.Linq;
using CleanRoom.Client.Queries.Drawing;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Verdicts;

/// <summary>The drawing of a verdict: a function of the verdict, that nothing in it can turn into something else.</summary>
public sealed class VerdictDrawingTests(BinderFixture fixture)
{
    private const string Question =
        "SELECT c.region, sum(c.ltv) AS total, count(DISTINCT i.user_id) AS people FROM brand.customers c JOIN pub.impressions i "
        + "ON c.user_id = i.user_id WHERE i.device = 'ios' GROUP BY c.region HAVING sum(i.spend) > 5";

    private static readonly string[] _elements = ["svg", "title", "desc", "style", "g", "rect", "text", "path"];

    private static readonly string[] _attributes =
        ["width", "height", "viewBox", "role", "aria-labelledby", "id", "class", "x", "y", "rx", "d"];

    public static TheoryData<string> Hostile =>
    [
        "\"><script>alert(1)</script>", "]]><x/>", "' onload='alert(1)", "&lt;b&gt; &amp; &#0;", "</text></svg>", "<!--", "--><a href='javascript:1'>",
        "a\u202egnirts", "zero\u200bwidth", "nul\0tab\t\r\n", "z" + new string('\u0301', 40), new string('長', 64), "𝄞𝄞", "\ufffe\uffff", "", "url(#x)",
    ];

    [Fact]
    public async Task Draw_allowedQuery_showsEveryEdgeInWordsAndLines()
    {
        var verdict = (await fixture.Binder.AnalyseAsync(Examples.Media, Ask.Request(Question))).Verdict;

        var svg = Parse(VerdictDrawing.Draw(verdict));

        var description = svg.Elements().ElementAt(1).Value;
        foreach (var edge in verdict.Lineage)
        {
            description.Should().Contain($"{edge.Dataset}.{edge.Column} reaches {(edge.Output.Length == 0 ? "the whole answer" : $"the column {edge.Output}")} by {edge.Operation}");
        }

        var operations = verdict.Lineage.Select(edge => (edge.Operation, edge.Output)).Distinct().Count();
        svg.Descendants().Count(one => one.Name.LocalName == "path").Should().Be(verdict.Lineage.Length + operations);
        svg.Descendants().Count(one => one.Name.LocalName == "rect").Should().Be(
            verdict.Lineage.Select(edge => (edge.Dataset, edge.Column)).Distinct().Count() + operations + verdict.Lineage.Select(edge => edge.Output).Distinct().Count());
        svg.Value.Should().Contain("total").And.Contain("people").And.Contain("brand allows it").And.Contain("at least 50 people");
    }

    [Fact]
    public async Task Draw_refusedQuery_namesOwnersAndCodes()
    {
        var verdict = (await fixture.Binder.AnalyseAsync(Examples.Media, Ask.Request("SELECT user_id, count(*) FILTER (WHERE region = 'x') FROM brand.customers GROUP BY 1"))).Verdict;

        var svg = Parse(VerdictDrawing.Draw(verdict));

        svg.Elements().First().Value.Should().Contain("refused");
        svg.Value.Should().Contain("brand refuses: CONTEXT:user_id:GROUP").And.Contain("room refuses: AGG_FILTER");
    }

    [Fact]
    public async Task Draw_isAFunctionOfTheVerdictThatItsDigestCovers()
    {
        var verdict = (await fixture.Binder.AnalyseAsync(Examples.Media, Ask.Request(Question))).Verdict;
        var drawing = VerdictDrawing.Draw(verdict);

        VerdictDrawing.Draw(DocumentCodec.Parse<Verdict>(DocumentCodec.Encode(verdict)).Value).Should().Be(drawing);
        drawing.Should().Contain(DocumentCodec.DigestOf(verdict).ToString()).And.EndWith("</svg>\n").And.NotContain("\r");
        VerdictDrawing.Draw(verdict with { Analyst = "brand" }).Should().NotBe(drawing);
    }

    [Fact]
    public async Task Draw_loadsAndRunsNothing_andIsReadableInDarkAndLight()
    {
        var verdict = (await fixture.Binder.AnalyseAsync(Examples.Media, Ask.Request(Question))).Verdict;
        var svg = Parse(VerdictDrawing.Draw(verdict));

        svg.Attribute("role")!.Value.Should().Be("img");
        svg.Attribute("aria-labelledby")!.Value.Split(' ').Should().Equal(svg.Elements().Take(2).Select(one => one.Attribute("id")!.Value));
        svg.Elements().Take(2).Select(one => one.Name.LocalName).Should().Equal("title", "desc");
        var style = svg.Elements().Single(one => one.Name.LocalName == "style").Value;
        style.Should().Contain("prefers-color-scheme:dark").And.NotContain("url(").And.NotContain("@import");
    }

    [Theory]
    [MemberData(nameof(Hostile), DisableDiscoveryEnumeration = true)]
    public void Draw_hostileNames_areTextAndNothingElse(string name)
    {
        var svg = Parse(VerdictDrawing.Draw(Named(name)));

        var shown = svg.Descendants().Where(one => one.Name.LocalName is "text" or "title" or "desc").Select(one => one.Value);
        shown.Should().OnlyContain(text => text.EnumerateRunes().All(rune => rune.Value >= ' ' && rune.Value != 0x202e && rune.Value != 0x200b));
        svg.Elements().Single(one => one.Name.LocalName == "style").Value.Should().NotContain(name.Length > 3 ? name : "url(#");
    }

    [Fact]
    public void Draw_hostileNames_areShownAsWritten() =>
        Parse(VerdictDrawing.Draw(Named("<b>&'\""))).Descendants().Should().Contain(one => one.Name.LocalName == "text" && one.Value == "<b>&'\"");

    [Fact]
    public void Draw_manyMarksAndWideLetters_stayInTheirBox()
    {
        var svg = Parse(VerdictDrawing.Draw(Named(new string('長', 64))));

        svg.Descendants().Where(one => one.Name.LocalName == "text")
            .Select(one => string.Concat(one.Nodes().OfType<XText>().Select(text => text.Value)))
            .Where(text => text.Contains('長')).Should().OnlyContain(text => text.EndsWith("...", StringComparison.Ordinal) && text.Sum(c => c < 128 ? 1 : 2) <= 126);
        Parse(VerdictDrawing.Draw(Named("z" + new string('\u0301', 40)))).Value.Should().NotContain("\u0301\u0301\u0301");
    }

    private static Verdict Named(string name) => new()
    {
        ContractDigest = Protocol.Digest.Of([]),
        Analyst = name,
        Receivers = [name],
        TextDigest = Protocol.Digest.Of([]),
        Decision = VerdictDecision.Refuse,
        Codes = [name],
        Owners =
        [
            new OwnerVerdict { Party = name, Decision = VerdictDecision.Refuse, Codes = [name], Reasons = [name], Rules = [], SmallestChange = name, Changes = [] },
        ],
        Lineage = [new LineageEdge { Dataset = name, Column = name, Operation = name, Output = name }],
        Budget = [new BudgetCharge { Dataset = name, Owner = name, Domain = name, Queries = 1, NanoRho = 7, AttoDelta = 8 }],
        Noise = [new ExpectedNoise { Aggregate = name, Within = name, Rows = null }],
        Inputs = [new VerdictInput { Dataset = name, Tier = PolicyTier.Threshold, MinUnits = 5, Cells = 0 }],
        Approvers = [name],
        PlanDigest = null,
    };

    /// <summary>Reads the drawing as a strict XML reader does, and checks that it has no other parts than a drawing has.</summary>
    private static XElement Parse(string svg)
    {
        using var reader = XmlReader.Create(
            new StringReader(svg), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CheckCharacters = true });
        var root = XDocument.Load(reader).Root!;
        root.DescendantsAndSelf().Should().OnlyContain(one => one.Name.NamespaceName == "http://www.w3.org/2000/svg" && _elements.Contains(one.Name.LocalName));
        root.DescendantsAndSelf().Attributes().Where(one => !one.IsNamespaceDeclaration).Should().OnlyContain(one => _attributes.Contains(one.Name.LocalName));
        root.DescendantNodes().Should().OnlyContain(one => one is XElement || one is XText);
        return root;
    }
}
