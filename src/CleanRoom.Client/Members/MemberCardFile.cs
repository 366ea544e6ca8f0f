using System.Text.Json;
using System.Text.Json.Serialization;
using CleanRoom.Protocol;

namespace CleanRoom.Client.Members;

/// <summary>A member's public keys in a file: {signKey, receiveKey, witnessKey}.</summary>
public static class MemberCardFile
{
    /// <summary>The longest file, in bytes.</summary>
    public const int MaxBytes = 4096;

    /// <summary>Writes a card.</summary>
    public static byte[] Encode(MemberCard card) => JsonSerializer.SerializeToUtf8Bytes(card, MemberCardContext.Default.MemberCard);

    /// <summary>Reads a card. Its keys are only what the file says: whoever delegates to them compares them out of band.</summary>
    /// <returns>The card, or <see cref="RefusalCode.JsonInvalid"/>.</returns>
    public static Result<MemberCard> Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, MemberCardContext.Default.MemberCard) is { } card ? card : Wrong();
        }
        catch (JsonException)
        {
            return Wrong();
        }

        static Refusal Wrong() => new(RefusalCode.JsonInvalid, "public keys as keys export --card writes them", "other json");
    }
}

/// <summary>Reader and writer of cards.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(MemberCard))]
internal sealed partial class MemberCardContext : JsonSerializerContext;
