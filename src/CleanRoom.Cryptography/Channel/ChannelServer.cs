using System.Security.Cryptography;
using CleanRoom.Cryptography.Curves;
using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Channel;

/// <summary>Opens requests that were sealed to this node. Bytes only: the caller does the HTTP. Safe for concurrent calls.</summary>
/// <remarks>Says nothing about who is calling: that is proven inside, by sign-in. Spec: contracts/spec/0011.</remarks>
public sealed class ChannelServer
{
    private const int EncOffset = 1 + Digest.Length;

    private const int CiphertextOffset = EncOffset + P256PublicKey.Length;

    private readonly ICryptoBackend _backend;
    private readonly IAgreementKey _sealingKey;
    private readonly Func<Digest, bool> _isIssued;
    private readonly ReplayWindow _replay;

    /// <summary>Takes the node's key and memory.</summary>
    /// <param name="backend">Does the arithmetic.</param>
    /// <param name="sealingKey">The node's HPKE key.</param>
    /// <param name="isIssued">Says whether this node issued a binding since it started. Safe for concurrent calls.</param>
    /// <param name="replay">The requests already taken.</param>
    public ChannelServer(ICryptoBackend backend, IAgreementKey sealingKey, Func<Digest, bool> isIssued, ReplayWindow replay)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(sealingKey);
        ArgumentNullException.ThrowIfNull(isIssued);
        ArgumentNullException.ThrowIfNull(replay);
        (_backend, _sealingKey, _isIssued, _replay) = (backend, sealingKey, isIssued, replay);
    }

    /// <summary>Opens a request and takes it, once.</summary>
    /// <param name="method">The method of the request line.</param>
    /// <param name="path">The path and query of the request line, exactly.</param>
    /// <param name="sealedRequest">Trust: attacker-controlled.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    /// <returns>
    /// The exchange; or <see cref="RefusalCode.ChannelInvalid"/>, <see cref="RefusalCode.BindingMismatch"/>,
    /// <see cref="RefusalCode.SealInvalid"/>, <see cref="RefusalCode.ClockWrong"/>, <see cref="RefusalCode.Replayed"/> or
    /// <see cref="RefusalCode.TooManyRequests"/>.
    /// </returns>
    public async ValueTask<Result<ChannelExchange>> OpenAsync(
        string method, string path, ReadOnlyMemory<byte> sealedRequest, CancellationToken cancellationToken)
    {
        if (sealedRequest.Length is < CiphertextOffset + AesGcmFormat.TagBytes or > ChannelFormat.MaxRequestBytes
            || sealedRequest.Span[0] != ChannelFormat.Message)
        {
            return ChannelFormat.Invalid(
                $"a sealed request of version {ChannelFormat.Message} and at most {ChannelFormat.MaxRequestBytes} bytes",
                $"{sealedRequest.Length} bytes that are none");
        }

        var binding = new Digest(sealedRequest.Span[1..EncOffset]);
        if (!_isIssued(binding))
        {
            return new Refusal(
                RefusalCode.BindingMismatch, "a binding that this node issued since it started", $"binding {binding.Abbreviated}");
        }

        var enc = new Bytes(sealedRequest.Span[EncOffset..CiphertextOffset]);
        var setup = await HpkeRecipient.SetupAsync(_backend, _sealingKey, enc, Labels.ChannelInfo, cancellationToken);
        if (!setup.TryGet(out var recipient, out var refusals))
        {
            return refusals;
        }

        var aad = ChannelFormat.AssociatedData(binding, method, path);
        var opened = await recipient.OpenAsync(aad, sealedRequest[CiphertextOffset..], cancellationToken);
        var received = opened.Then(plaintext => Decode(method, path, plaintext));
        if (!received.TryGet(out var request, out refusals))
        {
            recipient.Dispose();
            return refusals;
        }

        // Only now: what does not authenticate must not fill the window.
        if (_replay.Take(request.Id, request.Time) is { } refusal)
        {
            recipient.Dispose();
            return refusal;
        }

        return new ChannelExchange(_backend, recipient, enc, binding, request.Request);
    }

    private static Result<ReceivedRequest> Decode(string method, string path, byte[] plaintext)
    {
        var request = ChannelMessages.DecodeRequest(method, path, plaintext);
        CryptographicOperations.ZeroMemory(plaintext);
        return request;
    }
}
