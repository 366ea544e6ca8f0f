using System.Buffers.Binary;
using System.Security.Cryptography;
using CleanRoom.Attesters.Tpm.Wire;
using CleanRoom.Cryptography;

namespace CleanRoom.Attesters.Tpm;

/// <summary>A session whose key is an area's authorisation value: it signs commands and checks that answers are the TPM's.</summary>
/// <remarks>
/// Unbound and unsalted, so its key is that value alone. Each answer is over a nonce of the caller: neither an old answer nor one of somebody who does
/// not know the value passes. Spec: TPM 2.0 Library Part 1, HMAC computation.
/// </remarks>
internal sealed class TpmHmacSession
{
    private readonly TpmClient _tpm;
    private readonly uint _handle;
    private readonly SecretBytes _key;
    private byte[] _nonceTpm;

    private TpmHmacSession(TpmClient tpm, uint handle, SecretBytes key, byte[] nonceTpm) => (_tpm, _handle, _key, _nonceTpm) = (tpm, handle, key, nonceTpm);

    /// <summary>Starts one. The client flushes it at the end of its sequence; the caller still disposes the key.</summary>
    public static async ValueTask<TpmHmacSession> StartAsync(TpmClient tpm, SecretBytes key)
    {
        using var start = TpmRequest.Plain(TpmCommand.StartAuthSession, TpmConstants.NullHandle, TpmConstants.NullHandle);
        start.Parameters
            .Sized(RandomNumberGenerator.GetBytes(TpmConstants.DigestBytes))
            .Sized([])
            .U8(TpmConstants.HmacSession)
            .U16(TpmConstants.Null)
            .U16(TpmConstants.Sha256);
        var reply = await tpm.SendAsync(start);
        return new(tpm, reply.Handle, key, new TpmReader(reply.Parameters.Span).Sized().ToArray());
    }

    /// <summary>Sends a command on an area that authorises itself; the error is for the caller to understand.</summary>
    /// <exception cref="AttesterException">The answer is not one that the holder of the key gave to this command.</exception>
    public async ValueTask<TpmReply> TryAsync(TpmCommand command, TpmNvArea area, ReadOnlyMemory<byte> parameters)
    {
        var nonce = RandomNumberGenerator.GetBytes(TpmConstants.DigestBytes);
        var name = area.Name();
        var commandHash = SHA256.HashData([.. Number((uint)command), .. name, .. name, .. parameters.Span]);
        using var request = TpmRequest.WithHmac(command, _handle, nonce, Sign(commandHash, nonce, _nonceTpm), area.Index, area.Index);
        request.Parameters.Raw(parameters.Span);
        var reply = await _tpm.TryAsync(request);
        if (reply.IsDone)
        {
            Check(command, nonce, reply);
        }

        return reply;
    }

    private static byte[] Number(uint value)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private void Check(TpmCommand command, byte[] nonceCaller, TpmReply reply)
    {
        var reader = new TpmReader(reply.Authorisation.Span);
        var nonceTpm = reader.Sized().ToArray();
        var attributes = reader.U8();
        var hmac = reader.Sized();
        reader.End();
        var answerHash = SHA256.HashData([.. Number(reply.Code), .. Number((uint)command), .. reply.Parameters.Span]);
        if (attributes != TpmConstants.ContinueSession || !CryptographicOperations.FixedTimeEquals(hmac, Sign(answerHash, nonceTpm, nonceCaller)))
        {
            throw new AttesterException($"{_tpm.Name}: wanted an answer to {command} by a tpm that knows the area's key, got another");
        }

        _nonceTpm = nonceTpm;
    }

    private byte[] Sign(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> newer, ReadOnlySpan<byte> older) =>
        HMACSHA256.HashData(_key.Span, [.. hash, .. newer, .. older, TpmConstants.ContinueSession]);
}
