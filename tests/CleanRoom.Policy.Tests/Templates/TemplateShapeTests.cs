using System.Text.Json;
using CleanRoom.Policy.Templates;

namespace CleanRoom.Policy.Tests.Templates;

/// <summary>A template's parse tree and the one of its text with values differ in parameters alone.</summary>
public sealed class TemplateShapeTests
{
    private const string Constant = """{"class":"CAST","child":{"class":"CONSTANT","value":1}}""";

    [Theory]
    [InlineData("""{"a":1,"b":[1,"x",null]}""", """{"a":1,"b":[1,"x",null]}""")]
    [InlineData("""{"a":{"class":"PARAMETER"}}""", $$"""{"a":{{Constant}}}""")]
    [InlineData("""{"a":1,"query_location":7,"named_param_map":[1]}""", """{"a":1,"query_location":9,"named_param_map":[]}""")]
    [InlineData("""{"a":1,"query_location":7}""", """{"a":1}""")]
    public void Trees_thatDifferInParametersAlone_match(string template, string bound) => Matches(template, bound).Should().BeTrue();

    [Theory]
    [InlineData("""{"a":1}""", """{"a":2}""")]
    [InlineData("""{"a":1}""", """{"b":1}""")]
    [InlineData("""{"a":1}""", """{"a":"1"}""")]
    [InlineData("""{"a":true}""", """{"a":false}""")]
    [InlineData("""{"a":1,"b":2}""", """{"a":1}""")]
    [InlineData("""{"a":1}""", """{"a":1,"b":2}""")]
    [InlineData("""{"a":1,"b":2}""", """{"a":1,"b":3}""")]
    [InlineData("""{"a":1,"b":2}""", """{"a":3,"b":2}""")]
    [InlineData("""{"a":1,"b":2}""", """{"a":1,"c":2}""")]
    [InlineData("[1,2]", "[1]")]
    [InlineData("[1]", "[1,2]")]
    [InlineData("[1,2]", "[1,3]")]
    [InlineData("[1,2]", "[3,2]")]
    [InlineData("[]", "{}")]
    [InlineData("""{"class":"PARAMETER"}""", """{"class":"CONSTANT","child":{"class":"CONSTANT"}}""")]
    [InlineData("""{"class":"PARAMETER"}""", """{"class":"CAST","child":{"class":"FUNCTION"}}""")]
    [InlineData("""{"class":"PARAMETER"}""", """{"class":"FUNCTION","child":{"class":"FUNCTION"}}""")]
    [InlineData("""{"class":"PARAMETER"}""", "1")]
    [InlineData(Constant, """{"class":"PARAMETER"}""")]
    public void Trees_thatDifferElsewhere_doNot(string template, string bound) => Matches(template, bound).Should().BeFalse();

    private static bool Matches(string template, string bound)
    {
        using var left = JsonDocument.Parse(template);
        using var right = JsonDocument.Parse(bound);
        return TemplateShape.Matches(left.RootElement, right.RootElement);
    }
}
