using System.Text.Json;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Tests.Documents;
using CleanRoom.Protocol.Tests.Samples;

namespace CleanRoom.Protocol.Tests.Publication;

public sealed class SchemaTests
{
    public static TheoryData<string> Types => [.. DocumentSamples.All.Select(DocumentCodec.TypeOf)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Schema_accepts_the_document(string type) => Check(type, Encoded(type)).Should().BeEmpty();

    [Theory]
    [MemberData(nameof(Types))]
    public void Schema_refuses_what_the_codec_refuses_in_its_members(string type)
    {
        var mutations = Mutations.WithoutEachMember(Encoded(type))
            .Concat(Mutations.WithUnknownMembers(Encoded(type)))
            .Concat(Mutations.WithNulls(Encoded(type)));
        foreach (var (utf8, path) in mutations)
        {
            Check(type, utf8).Should().NotBeEmpty(path);
        }
    }

    private static byte[] Encoded(string type) => DocumentCodec.Encode(DocumentSamples.All.Single(document => DocumentCodec.TypeOf(document) == type));

    private static IReadOnlyList<string> Check(string type, byte[] utf8) => SchemaValidator.Check(
        JsonDocument.Parse(utf8).RootElement, CommittedFiles.Json("schemas", $"{type["cleanroom/v1/".Length..]}.schema.json"));
}
