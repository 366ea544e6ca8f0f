using System.Text.Json.Nodes;
using CleanRoom.Attestation.Intel;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.Intel;

/// <summary>How much TCB info may hold: beyond a limit it is not read.</summary>
public sealed class TcbInfoLimitTests
{
    private static readonly TestKey s_key = TestKey.Ec("P-256");

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void Levels(int count, bool isRead) => Read(info =>
        info["tcbLevels"] = Copies(info["tcbLevels"]![0]!, count)).Should().Be(isRead);

    [Theory]
    [InlineData(15, false)]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void Components_of_a_level(int count, bool isRead) => Read(info =>
        info["tcbLevels"]![0]!["tcb"]!["sgxtcbcomponents"] = Copies(info["tcbLevels"]![0]!["tcb"]!["sgxtcbcomponents"]![0]!, count)).Should().Be(isRead);

    [Theory]
    [InlineData("svn", "65535", true)]
    [InlineData("svn", "65536", false)]
    [InlineData("svn", "-1", false)]
    [InlineData("svn", "1.5", false)]
    public void Version_of_a_component(string member, string value, bool isRead) => Read(info =>
        info["tcbLevels"]![0]!["tcb"]!["sgxtcbcomponents"]![0]![member] = JsonNode.Parse(value)).Should().Be(isRead);

    [Theory]
    [InlineData(256, 1, true)]
    [InlineData(257, 1, false)]
    [InlineData(1, 32, true)]
    [InlineData(1, 33, false)]
    [InlineData(1, 0, false)]
    public void Advisories_of_a_level(int count, int characters, bool isRead) => Read(info =>
        info["tcbLevels"]![0]!["advisoryIDs"] = Copies(JsonNode.Parse($"\"{new string('A', characters)}\"")!, count)).Should().Be(isRead);

    private static bool Read(Action<JsonNode> change)
    {
        var info = JsonNode.Parse(MadeCollateral.SgxTcbInfo)!;
        change(info);
        return TcbInfo.Parse(MadeCollateral.Sign("tcbInfo", info.ToJsonString(), s_key)) is not null;
    }

    private static JsonArray Copies(JsonNode one, int count) => new([.. Enumerable.Range(0, count).Select(_ => one.DeepClone())]);
}
