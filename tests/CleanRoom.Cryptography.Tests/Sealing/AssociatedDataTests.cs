using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Cryptography.Channel;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Tests.Sealing;

public sealed class AssociatedDataTests
{
    [Fact]
    public void AssociatedData_worked_cases_are_reproduced()
    {
        foreach (var test in Vectors.Own("associated-data.json")["cases"].Items())
        {
            var values = test["values"]!;
            Encoding.UTF8.GetString(Of(test["name"].Text(), values)).Should().Be(test["aad"].Text(), test["name"].Text());
        }
    }

    private static byte[] Of(string name, JsonNode values) => name switch
    {
        "part" => new PartPosition
        {
            Collaboration = values["collaboration"].Text(),
            Dataset = values["dataset"].Text(),
            Index = values["index"].Int(),
            Offset = values["offset"].Long(),
            Upload = values["upload"].Text(),
        }.AssociatedData(),
        "derived" => new DerivedPosition
        {
            Collaboration = values["collaboration"].Text(),
            Dataset = values["dataset"].Text(),
            ManifestDigest = Digest.Parse(values["manifestDigest"].Text()),
            Name = values["name"].Text(),
            Partition = values["partition"].Int(),
        }.AssociatedData(),
        "key-grant" => KeyGrantTests.Subject(values).AssociatedData(),
        "row" or "row-0" => new RowPosition(
            values["collaboration"].Text(),
            values["sequence"].Long(),
            values["previousLeaf"] is { } leaf ? Digest.Parse(leaf.Text()) : null).AssociatedData(),
        "result-blob" => Context(values).AssociatedData(),
        "result-wrap" => Context(values).WrapAssociatedData(
            values["collaborator"].Text(), values["member"].Text(), Digest.Parse(values["commitment"].Text())),
        "channel" => ChannelFormat.AssociatedData(
            Digest.Parse(values["bindingDigest"].Text()), values["method"].Text(), values["path"].Text()),
        _ => throw new InvalidOperationException($"a case that this test does not know: {name}"),
    };

    private static ResultContext Context(JsonNode values) =>
        new(values["collaboration"].Text(), Digest.Parse(values["queryDigest"].Text()), values["chargeSequence"].Long());
}
