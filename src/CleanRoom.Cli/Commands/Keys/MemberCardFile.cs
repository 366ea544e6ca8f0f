using System.Text.Json;
using System.Text.Json.Serialization;
using CleanRoom.Client.Members;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Commands.Keys;

/// <summary>A member's public keys in a file: {signKey, receiveKey, witnessKey}.</summary>
internal static class MemberCardFile
{
    public const int MaxBytes = 4096;

    public static byte[] Encode(MemberCard card) => JsonSerializer.SerializeToUtf8Bytes(card, MemberCardContext.Default.MemberCard);

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
