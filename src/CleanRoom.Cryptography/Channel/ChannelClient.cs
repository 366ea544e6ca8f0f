using System.Security.Cryptography;
using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Channel;

/// <summary>Seals requests to an appraised node. Bytes only: the caller does the HTTP. Safe for concurrent calls.</summary>
/// <remarks>Spec: contracts/spec/0011.</remarks>
public sealed class ChannelClient
{
    private readonly ICryptoBackend _backend;
    private readonly Bytes _nodeSealingKey;
    private readonly Digest _bindingDigest;
    private readonly TimeProvider _time;

    /// <summary>Takes the node to talk to.</summary>
    /// <param name="backend">Does the arithmetic.</param>
    /// <param name="nodeSealingKey">65 bytes, from a binding that the caller has appraised.</param>
    /// <param name="bindingDigest">The digest of that binding.</param>
    /// <param name="time">The client's clock.</param>
    public ChannelClient(ICryptoBackend backend, Bytes nodeSealingKey, Digest bindingDigest, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(time);
        (_backend, _nodeSealingKey, _bindingDigest, _time) = (backend, nodeSealingKey, bindingDigest, time);
    }

    /// <summary>Seals a request under a fresh key and a fresh id.</summary>
    /// <param name="request">What to ask.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    /// <returns>The call, or <see cref="RefusalCode.SealInvalid"/> when the node's key is not a point on the curve.</returns>
    /// <exception cref="ArgumentException">The request is larger than <see cref="ChannelFormat.MaxRequestBytes"/>.</exception>
    public async ValueTask<Result<ChannelCall>> SealAsync(ChannelRequest request, CancellationToken cancellationToken)
    {
        using var ephemeral = await _backend.GenerateAgreementKeyAsync(cancellationToken);
        var id = RandomNumberGenerator.GetBytes(ChannelFormat.RequestIdBytes);
        return await SealAsync(ephemeral, id, Timestamp.From(_time.GetUtcNow()), request, cancellationToken);
    }

    internal async ValueTask<Result<ChannelCall>> SealAsync(
        IAgreementKey ephemeral, ReadOnlyMemory<byte> id, Timestamp time, ChannelRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var setup = await HpkeSender.SetupAsync(_backend, ephemeral, _nodeSealingKey, Labels.ChannelInfo, cancellationToken);
        if (!setup.TryGet(out var sender, out var refusals))
        {
            return refusals;
        }

        var plaintext = ChannelMessages.EncodeRequest(id.Span, time, request);
        try
        {
            var aad = ChannelFormat.AssociatedData(_bindingDigest, request.Method, request.Path);
            var ciphertext = await sender.SealAsync(aad, plaintext, cancellationToken);
            byte[] body = [ChannelFormat.Message, .. _bindingDigest.ToArray(), .. sender.Enc.Span, .. ciphertext];
            return body.Length <= ChannelFormat.MaxRequestBytes
                ? new ChannelCall(_backend, sender, body)
                : throw new ArgumentException(
                    $"wanted at most {ChannelFormat.MaxRequestBytes} sealed bytes, got {body.Length}", nameof(request));
        }
        catch
        {
            sender.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }
}
