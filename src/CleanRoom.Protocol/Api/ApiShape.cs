using System.Collections.Immutable;
using System.Text.Json;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Protocol.Api;

/// <summary>Holds the bytes of a message to the one form that the API describes, before anything is made of them.</summary>
/// <remarks>
/// As documents are read: strict JSON (contracts/spec/0001 s.2), every declared member once and no other, no null where none is declared,
/// not inside arrays and maps either. What passes has one meaning to every reader. Spec: contracts/spec/0013 s.7.
/// </remarks>
public static class ApiShape
{
    /// <summary>The most tokens (names, values, brackets) of a message. A tree takes many times the room of its text: a large body is to be one of large values.</summary>
    public const int MaxTokens = 1 << 17;

    /// <summary>Returns why the bytes are no message of a type; empty when they are one.</summary>
    /// <param name="utf8">Trust: attacker-controlled.</param>
    /// <param name="message">A type of <see cref="ApiJsonContext"/>.</param>
    /// <param name="maxBytes">Checked before anything is allocated.</param>
    /// <returns><see cref="RefusalCode.DocumentTooLarge"/>, <see cref="RefusalCode.JsonInvalid"/>, or at most 20 <see cref="RefusalCode.DocumentInvalid"/>.</returns>
    /// <exception cref="ArgumentException">The type is no message of the API.</exception>
    public static ImmutableArray<Refusal> Check(ReadOnlySpan<byte> utf8, Type message, int maxBytes)
    {
        var shape = ApiJsonContext.Default.GetTypeInfo(message)
            ?? throw new ArgumentException($"wanted a message of the API, got {message.Name}", nameof(message));
        if (HasTooManyTokens(utf8))
        {
            return [new Refusal(RefusalCode.DocumentTooLarge, $"at most {MaxTokens} tokens", "more")];
        }

        if (!StrictJson.Parse(utf8, maxBytes).TryGet(out var tree, out var invalid))
        {
            return invalid;
        }

        var refusals = DocumentShape.Check(tree, shape, extraMember: null);
        if (!refusals.IsEmpty)
        {
            return refusals;
        }

        try
        {
            _ = JsonSerializer.Deserialize(utf8, shape);
            return [];
        }
        catch (JsonException e)
        {
            return [DocumentShape.Unreadable(e)];
        }
    }

    private static bool HasTooManyTokens(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = StrictJson.MaxDepth });
        try
        {
            for (var tokens = 0; reader.Read(); tokens++)
            {
                if (tokens == MaxTokens)
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // What is no JSON ends the reading that follows, too, at the same byte.
        }

        return false;
    }
}
