using System.Security.Cryptography;
using CleanRoom.Attestation;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Nodes;
using CleanRoom.Client.Ledger;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Rooms;

/// <summary>Asks who answers at an address, with a fresh nonce, and appraises the answer.</summary>
public static class NodeQuestion
{
    private const int NonceBytes = 32;
    private const string FirstContact = "row 0 introduces the keys, and the collaboration's id commits to them: both are compared before anything is signed";
    private const string LaterContract = "a version that all have signed since is found in the ledger, which is read and compared before anything is signed";

    /// <summary>Asks and reports every check, for people who want to see why.</summary>
    /// <param name="services">The client's parts.</param>
    /// <param name="address">Where to ask.</param>
    /// <param name="record">The collaboration; its contract's policy counts.</param>
    /// <param name="cancellationToken">Stops the question.</param>
    /// <returns>The report, or why there was no answer to appraise.</returns>
    public static async Task<Result<NodeAnswer>> AskAsync(
        ClientServices services, RoomAddress address, RoomRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(record);
        var nonce = FreshNonce();
        var expected = Expectation(record, nonce);
        if (!(await FetchAsync(services, address, nonce, record.Collaboration, cancellationToken)).TryGet(out var attestation, out var refusals))
        {
            return refusals;
        }

        var answer = Judge(services, attestation, expected, record.Contract, ShownEndorsements.None);
        if (answer.Node.IsAccepted || record.Contract.Attestation.CodeEndorsers.IsEmpty)
        {
            return answer;
        }

        // The contract does not name this code. Its endorsers may have: the room shows what they signed, and each is held against the contract here.
        return (await EndorsementQuestion.AskAsync(services, address, record.Collaboration, cancellationToken)).TryGet(out var shown, out _)
            ? Judge(services, attestation, expected, record.Contract, ShownEndorsements.Of(shown, record, services))
            : answer;
    }

    /// <summary>Asks a node, before there is a collaboration, whether it may host one under a contract.</summary>
    public static async Task<Result<NodeAnswer>> AskForAdmissionAsync(
        ClientServices services, RoomAddress address, Contract contract, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(contract);
        var nonce = FreshNonce();
        return (await FetchAsync(services, address, nonce, collaboration: null, cancellationToken))
            .Then(attestation => Result.Accept(Judge(services, attestation, ExpectedBinding.Admission(nonce), contract, ShownEndorsements.None)));
    }

    /// <summary>Asks without a contract, and judges authenticity, debug and TCB status alone. Opens nothing.</summary>
    /// <param name="services">The client's parts.</param>
    /// <param name="address">Where to ask.</param>
    /// <param name="cancellationToken">Stops the question.</param>
    public static async Task<Result<NodeEvidence>> AskForEvidenceAsync(
        ClientServices services, RoomAddress address, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);
        var nonce = FreshNonce();
        return (await FetchAsync(services, address, nonce, collaboration: null, cancellationToken)).Then(attestation =>
        {
            var binding = BindingCheck.Failures(attestation.Binding, ExpectedBinding.Admission(nonce));
            var reportData = Expected.Exactly(new Bytes(AttestationBinding.ReportData(attestation.Binding)));
            var result = EvidenceAppraiser.Authenticate(PresentedEvidence.Of(attestation), reportData, services.Now, services.Verifiers);
            return Result.Accept(new NodeEvidence(attestation, result.With(binding)));
        });
    }

    private static Bytes FreshNonce() => new(RandomNumberGenerator.GetBytes(NonceBytes));

    private static ExpectedBinding Expectation(RoomRecord record, Bytes nonce)
    {
        var digest = DocumentCodec.DigestOf(record.Contract);
        var expected = ExpectedBinding.Room(nonce, record.Collaboration, record.CollaborationKey, record.CheckpointKey, digest);
        return record.IsKnown
            ? expected
            : expected with { CollaborationKey = Expected.Learned<Bytes>(FirstContact), CheckpointKey = Expected.Learned<Bytes>(FirstContact) };
    }

    private static NodeAnswer Judge(
        ClientServices services, NodeAttestation attestation, ExpectedBinding expected, Contract contract, ShownEndorsements shown)
    {
        var answer = new NodeAnswer(services, attestation, expected, contract, shown);
        return answer.Result.Failures is [{ Check: "binding.contractDigest" }] && attestation.Binding.ContractDigest is not null
            ? new NodeAnswer(services, attestation, expected with { ContractDigest = Expected.Learned<Digest?>(LaterContract) }, contract, shown)
            : answer;
    }

    private static async Task<Result<NodeAttestation>> FetchAsync(
        ClientServices services, RoomAddress address, Bytes nonce, string? collaboration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        var path = $"{ApiRoutes.Attestation}?nonce={Convert.ToHexStringLower(nonce.Span)}"
            + (collaboration is null ? string.Empty : $"&collaboration={Uri.EscapeDataString(collaboration)}");
        return (await Network.GetOuterAsync(
                services, address, path, DocumentCodec.MaxDocumentBytes, [RefusalCode.DocumentInvalid, RefusalCode.ContractNotActive], cancellationToken))
            .Then(body => DocumentCodec.ParseAttestation(body));
    }
}
