using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CleanRoom.Attestation.Nodes;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;

namespace CleanRoom.Attestation.Tests.Support;

/// <summary>Reads <c>contracts/vectors/attestation</c>.</summary>
internal static class AttestationVectors
{
    public static JsonElement ReportData { get; } = Read("report-data.json");

    public static JsonElement Simulated { get; } = Read("simulated.json");

    public static JsonElement Ear { get; } = Read("ear.json");

    public static NodeAttestation Attestation(JsonElement json) => new()
    {
        Tee = Text(json, "tee"),
        Evidence = Base64(json, "evidence"),
        Endorsements = [.. json.GetProperty("endorsements").EnumerateArray().Select(one => new Bytes(one.GetBytesFromBase64()))],
        Binding = Binding(json.GetProperty("binding")),
    };

    public static Binding Binding(JsonElement json) => DocumentCodec.FromPerson<Binding>(Encoding.UTF8.GetBytes(json.GetRawText())).Value;

    public static ExpectedBinding Expected(JsonElement json) => new()
    {
        Nonce = Exactly(Base64(json, "nonce")),
        SigningKey = Exactly(Base64(json, "signingKey")),
        SealingKey = Exactly(Base64(json, "sealingKey")),
        Purpose = Exactly(Enum.Parse<BindingPurpose>(Text(json, "purpose"), ignoreCase: true)),
        Collaboration = Exactly(Text(json, "collaboration")),
        CollaborationKey = Exactly(Base64(json, "collaborationKey")),
        CheckpointKey = Exactly(Base64(json, "checkpointKey")),
        ContractDigest = Exactly<Digest?>(json.GetProperty("contractDigest") is { ValueKind: JsonValueKind.String } text ? Digest.Parse(text.GetString()!) : null),
    };

    public static AttestationPolicy Policy(JsonElement json) => new()
    {
        Accepted = [.. json.GetProperty("accepted").EnumerateArray().Select(Tuple)],
        CodeEndorsers = [],
    };

    public static Timestamp Time(string text) => Timestamp.TryParse(text, out var time) ? time : throw new FormatException(text);

    public static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public static Bytes Base64(JsonElement json, string name) => new(json.GetProperty(name).GetBytesFromBase64());

    private static Expected<T> Exactly<T>(T value) => CleanRoom.Attestation.Expected.Exactly(value);

    private static ReferenceTuple Tuple(JsonElement json) => new()
    {
        Tee = Text(json, "tee"),
        Values = json.GetProperty("values").EnumerateObject().ToImmutableSortedDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal),
        MinimumTcb = json.GetProperty("minimumTcb").EnumerateObject().ToImmutableSortedDictionary(p => p.Name, p => p.Value.GetInt32(), StringComparer.Ordinal),
        ChipIds = [.. json.GetProperty("chipIds").EnumerateArray().Select(one => one.GetString()!)],
        Anchors = [.. json.GetProperty("anchors").EnumerateArray().Select(one => Digest.Parse(one.GetString()!))],
        Debug = json.GetProperty("debug").GetBoolean(),
    };

    private static JsonElement Read(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(RepositoryFiles.Committed("contracts", "vectors", "attestation", name))).RootElement;
}
