using CleanRoom.Cryptography;
using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Grains.Keys.Handover;

/// <summary>Asks one peer for a secret, with this node's evidence. Spec: contracts/spec/0021.</summary>
public sealed class KeyRequester(NodeIdentity node, ICryptoBackend backend)
{
    /// <summary>Asks for a collaboration's secret.</summary>
    /// <returns>The secret, unchecked: its id commits to its keys, and the keyring compares them. Or the peer's refusals.</returns>
    public async Task<Result<HandedSecret>> FetchAsync(IKeySource peer, string collaboration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(peer);
        if (!(await peer.OfferAsync(collaboration, cancellationToken)).TryGet(out var offer, out var refusals))
        {
            return refusals;
        }

        if (offer.Subject.Collaboration != collaboration || !Digest.TryParse(offer.Subject.ContractDigest, out _))
        {
            return new Refusal(RefusalCode.DocumentInvalid, $"an offer for {collaboration} with a contract digest of 64 lower-case hex digits", "another");
        }

        var attestation = await node.AttestAsync(offer.Subject.ToSubject(new Bytes(offer.Nonce), BindingPurpose.Handover), cancellationToken);
        var admission = new NodeAdmission { Collaboration = collaboration, Attestation = attestation };
        var envelope = await EnvelopeSigner.SignAsync(node.Keys.Sign, admission, cancellationToken);
        var reply = await peer.HandOverAsync(collaboration, EnvelopeCodec.Encode(envelope), cancellationToken);
        return await OpenAsync(peer, reply, collaboration, attestation.Binding, cancellationToken);
    }

    /// <summary>Asks for a budget log's secret.</summary>
    /// <inheritdoc cref="FetchAsync"/>
    public async Task<Result<HandedSecret>> FetchBudgetAsync(IKeySource peer, string log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(peer);
        if (!(await peer.OfferBudgetAsync(log, cancellationToken)).TryGet(out var nonce, out var refusals))
        {
            return refusals;
        }

        var attestation = await node.AttestAsync(BindingSubject.Admission(nonce), cancellationToken);
        var reply = await peer.HandOverBudgetAsync(log, DocumentCodec.Encode(attestation), cancellationToken);
        return await OpenAsync(peer, reply, log, attestation.Binding, cancellationToken);
    }

    private async Task<Result<HandedSecret>> OpenAsync(
        IKeySource peer, Result<HandedOver> reply, string log, Binding binding, CancellationToken cancellationToken)
    {
        if (!reply.TryGet(out var handed, out var refusals))
        {
            return refusals;
        }

        if (handed.Size < 0 || !Digest.TryParse(handed.Root, out var root))
        {
            return new Refusal(RefusalCode.DocumentInvalid, "a size and a root of 64 lower-case hex digits", $"{handed.Size} and {handed.Root.Length} characters");
        }

        return (await KeyHandovers.OpenAsync(
            backend,
            node.Keys.Seal,
            new HandoverSubject(log, DocumentCodec.DigestOf(binding)),
            new HpkeCiphertext(new Bytes(handed.Enc), new Bytes(handed.Ciphertext)),
            cancellationToken)).Then<HandedSecret>(secret => new HandedSecret(secret, peer.IsOwnBuild ? new LogMark(handed.Size, root) : null));
    }
}
