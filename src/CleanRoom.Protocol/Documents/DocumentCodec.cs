using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Protocol.Documents;

/// <summary>Turns documents into their stored bytes and back. A document has exactly one byte form.</summary>
/// <remarks>Pure and browser-safe. Spec: contracts/spec/0001.</remarks>
public static partial class DocumentCodec
{
    /// <summary>The largest document, in bytes.</summary>
    public const int MaxDocumentBytes = 1 << 20;

    private const string TypeMember = "type";

    private static readonly FrozenDictionary<string, Type> _types = DocumentJsonContext.Default.Document.PolymorphismOptions!.DerivedTypes
        .ToFrozenDictionary(derived => (string)derived.TypeDiscriminator!, derived => derived.DerivedType, StringComparer.Ordinal);

    private static readonly FrozenDictionary<Type, string> _names = _types.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>Returns the stored bytes: JCS, with the member <c>type</c>.</summary>
    /// <exception cref="ArgumentException">The document is larger than <see cref="MaxDocumentBytes"/>, or holds what the formats cannot.</exception>
    public static byte[] Encode(Document document) => Canonical(document, DocumentJsonContext.Default.Document);

    /// <summary>Returns SHA-256 over the stored bytes: the document's id.</summary>
    public static Digest DigestOf(Document document) => Digest.Of(Encode(document));

    /// <summary>Returns SHA-256 over the template's JCS bytes.</summary>
    public static Digest DigestOf(QueryTemplate template) => Digest.Of(Canonical(template, DocumentJsonContext.Default.QueryTemplate));

    /// <summary>Returns SHA-256 over the attestation's JCS bytes.</summary>
    public static Digest DigestOf(NodeAttestation attestation) =>
        Digest.Of(Canonical(attestation, DocumentJsonContext.Default.NodeAttestation));

    /// <summary>Returns the value of the member <c>type</c>, such as <c>cleanroom/v1/contract</c>.</summary>
    public static string TypeOf(Document document) => _names[document.GetType()];

    /// <summary>Reads stored bytes.</summary>
    /// <param name="utf8">Trust: attacker-controlled.</param>
    /// <returns>
    /// The document, or <see cref="RefusalCode.DocumentTooLarge"/>, <see cref="RefusalCode.JsonInvalid"/>,
    /// <see cref="RefusalCode.JsonNotCanonical"/>, <see cref="RefusalCode.DocumentUnknownType"/>, <see cref="RefusalCode.DocumentInvalid"/>.
    /// </returns>
    public static Result<Document> Parse(ReadOnlySpan<byte> utf8)
    {
        if (!ParseCanonical(utf8).TryGet(out var tree, out var refusals))
        {
            return refusals;
        }

        return tree is JsonObject o && o.Find(TypeMember) is JsonString name && _types.TryGetValue(name.Value, out var type)
            ? Read(utf8, tree, DocumentJsonContext.Default.Document, DocumentJsonContext.Default.GetTypeInfo(type)!, TypeMember)
            : Result.Refuse<Document>(RefusalCode.DocumentUnknownType, "a member type that names a document of this version", "another");
    }

    /// <summary>Reads stored bytes of one kind of document.</summary>
    /// <returns>As <see cref="Parse(ReadOnlySpan{byte})"/>; another kind is <see cref="RefusalCode.DocumentInvalid"/>.</returns>
    public static Result<T> Parse<T>(ReadOnlySpan<byte> utf8)
        where T : Document => Parse(utf8).Then(document => document is T wanted
            ? Result.Accept(wanted)
            : Result.Refuse<T>(RefusalCode.DocumentInvalid, $"type {_names[typeof(T)]}", $"type {TypeOf(document)}"));

    /// <summary>Reads a document as a person writes it: any whitespace and member order.</summary>
    /// <returns>As <see cref="Parse{T}(ReadOnlySpan{byte})"/>, but never <see cref="RefusalCode.JsonNotCanonical"/>.</returns>
    public static Result<T> FromPerson<T>(ReadOnlySpan<byte> utf8)
        where T : Document => Jcs.Canonicalize(utf8, MaxDocumentBytes).Then(canonical => Parse<T>(canonical));

    /// <summary>Reads what this version knows of a document, and lists the members that it does not know, by JSON path. For comparing texts alone.</summary>
    /// <returns>As <see cref="FromPerson{T}"/>, but unknown members are no refusal.</returns>
    internal static Result<(T Known, ImmutableSortedDictionary<string, JsonValue> Unknown)> ReadKnown<T>(ReadOnlySpan<byte> utf8)
        where T : Document
    {
        if (!StrictJson.Parse(utf8, MaxDocumentBytes).TryGet(out var tree, out var refusals))
        {
            return refusals;
        }

        var unknown = ImmutableSortedDictionary.CreateBuilder<string, JsonValue>(StringComparer.Ordinal);
        var known = UnknownMembers.Split(tree, DocumentJsonContext.Default.GetTypeInfo(typeof(T))!, TypeMember, unknown);
        return Parse<T>(Jcs.Write(known)).Then(document => Result.Accept((document, unknown.ToImmutable())));
    }

    private static Result<JsonValue> ParseCanonical(ReadOnlySpan<byte> utf8)
    {
        if (!StrictJson.Parse(utf8, MaxDocumentBytes).TryGet(out var tree, out var refusals))
        {
            return refusals;
        }

        return Jcs.Write(tree).AsSpan().SequenceEqual(utf8)
            ? tree
            : Result.Refuse<JsonValue>(RefusalCode.JsonNotCanonical, "the bytes of RFC 8785", "another spelling of the same value");
    }

    /// <param name="utf8">The canonical bytes of <paramref name="tree"/>.</param>
    /// <param name="tree">What was read.</param>
    /// <param name="reader">Reads the bytes.</param>
    /// <param name="shape">Describes the members; differs from <paramref name="reader"/> where that chooses by type.</param>
    /// <param name="extraMember">A member that <paramref name="shape"/> does not list, or null.</param>
    private static Result<T> Read<T>(
        ReadOnlySpan<byte> utf8, JsonValue tree, JsonTypeInfo<T> reader, JsonTypeInfo shape, string? extraMember)
        where T : notnull
    {
        var refusals = DocumentShape.Check(tree, shape, extraMember);
        if (!refusals.IsEmpty)
        {
            return refusals;
        }

        try
        {
            var value = JsonSerializer.Deserialize(utf8, reader)!; // Not null: the tree is an object.

            // Closes whatever the serializer reads more generously than it writes, such as an enum in another case.
            var written = StrictJson.Parse(Canonical(value, reader), MaxDocumentBytes).Value;
            return DocumentShape.FirstDifference(tree, written) is { } path
                ? Result.Refuse<T>(RefusalCode.DocumentInvalid, "the one written form of the value", path)
                : value;
        }
        catch (JsonException e)
        {
            return DocumentShape.Unreadable(e);
        }
    }

    private static byte[] Canonical<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        var tree = StrictJson.Parse(JsonSerializer.SerializeToUtf8Bytes(value, typeInfo), int.MaxValue);
        if (!tree.TryGet(out var json, out var refusals))
        {
            throw new ArgumentException($"the formats cannot hold this value: {refusals[0]}", nameof(value));
        }

        var bytes = Jcs.Write(json);
        return bytes.Length <= MaxDocumentBytes
            ? bytes
            : throw new ArgumentException($"wanted at most {MaxDocumentBytes} bytes, got {bytes.Length}", nameof(value));
    }
}
