using System.Collections.Immutable;
using System.Text.Json;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Endorsements;

namespace CleanRoom.Client.Rooms;

/// <summary>Asks a node for the code endorsements that its room has. Outside the channel: they are what may let a channel be opened.</summary>
internal static class EndorsementQuestion
{
    /// <summary>Sixteen endorsements of 64 KiB, in base64.</summary>
    private const int MaxBytes = 2 << 20;

    private const int MaxEndorsements = CodeAppraisal.MaxStanding;

    /// <summary>Asks.</summary>
    /// <returns>Encoded envelopes, unchecked, at most 16; or why there was no answer.</returns>
    public static async Task<Result<ImmutableArray<Bytes>>> AskAsync(
        ClientServices services, RoomAddress address, string collaboration, CancellationToken cancellationToken)
    {
        var path = $"{ApiRoutes.CodeEndorsements}?collaboration={Uri.EscapeDataString(collaboration)}";
        return (await Network.GetOuterAsync(services, address, path, MaxBytes, [], cancellationToken)).Then(body => Parse(body));
    }

    private static Result<ImmutableArray<Bytes>> Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, ApiJsonContext.Default.CodeEndorsementsResponse) is { Endorsements.IsDefault: false } read
                && read.Endorsements.Length <= MaxEndorsements
                ? read.Endorsements
                : NoEndorsements();
        }
        catch (JsonException)
        {
            return NoEndorsements();
        }
    }

    private static Refusal NoEndorsements() => new(RefusalCode.JsonInvalid, $"at most {MaxEndorsements} code endorsements as a node gives them", "other json");
}
