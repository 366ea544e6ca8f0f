using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Client.Ledger;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Endorsements;

namespace CleanRoom.Client.Rooms;

/// <summary>The code endorsements that came with a node's evidence, each held against the contract that the client has.</summary>
/// <param name="Verified">Those that all code endorsers of that contract have signed. No other counts.</param>
/// <param name="Refused">Why the others do not, for people who want to see why a node is not accepted.</param>
internal sealed record ShownEndorsements(ImmutableArray<VerifiedEndorsement> Verified, ImmutableArray<FailedCheck> Refused)
{
    private const string Check = "code-endorsement";

    /// <summary>Gets the lack of any.</summary>
    public static ShownEndorsements None { get; } = new([], []);

    /// <summary>Verifies each.</summary>
    /// <param name="encoded">Trust: attacker-controlled.</param>
    /// <param name="record">The collaboration and the contract as the client knows them.</param>
    /// <param name="services">The client's parts.</param>
    public static ShownEndorsements Of(IReadOnlyList<Bytes> encoded, RoomRecord record, ClientServices services)
    {
        var verified = ImmutableArray.CreateBuilder<VerifiedEndorsement>();
        var refused = ImmutableArray.CreateBuilder<FailedCheck>();
        foreach (var one in encoded)
        {
            if (!EndorsementVerifier.Verify(one.Span, record.Collaboration, record.Contract, services.Fold.Signatures).TryGet(out var endorsement, out var refusals))
            {
                refused.AddRange(refusals.Select(refusal => new FailedCheck(refusal.Code, Check, refusal.Wanted, refusal.Got)));
                continue;
            }

            verified.Add(endorsement);
            if (!endorsement.IsInForce(services.Now))
            {
                var (from, to) = (endorsement.Endorsement.NotBefore, endorsement.Endorsement.Expires);
                refused.Add(new FailedCheck(RefusalCode.EvidenceNotAccepted, Check, $"a code endorsement in force at {services.Now}", $"one from {from} to {to}"));
            }
        }

        return new ShownEndorsements(verified.ToImmutable(), refused.ToImmutable());
    }
}
