using System.Text.Json.Serialization;
using CleanRoom.Protocol;

namespace CleanRoom.Client.Notices;

/// <summary>Something in a ledger that a member may want to know of. Spec: contracts/spec/0019 s.2.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Index">The row that it follows from.</param>
/// <param name="Time">The row's time.</param>
/// <param name="Subject">What it is about, for the member's own page: a digest, or a member's name. It is in no message to anybody else.</param>
public sealed record Notice(NoticeKind Kind, long Index, Timestamp Time, string Subject);

/// <summary>What a notice says.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NoticeKind>))]
public enum NoticeKind
{
    /// <summary>A version of the contract waits for the member's collaborator.</summary>
    [JsonStringEnumMemberName("contract")] Contract = 1,

    /// <summary>A query waits for the member.</summary>
    [JsonStringEnumMemberName("query")] Query = 2,

    /// <summary>Several queries of one template wait for the member, and can be decided together.</summary>
    [JsonStringEnumMemberName("batch")] Batch = 3,

    /// <summary>An answer for the member's collaborator was committed.</summary>
    [JsonStringEnumMemberName("result")] Result = 4,

    /// <summary>Somebody or something was revoked, or everything was suspended or ended.</summary>
    [JsonStringEnumMemberName("revocation")] Revocation = 5,

    /// <summary>Code that the contract does not name itself was endorsed; any owner can revoke it.</summary>
    [JsonStringEnumMemberName("code")] Code = 6,
}
