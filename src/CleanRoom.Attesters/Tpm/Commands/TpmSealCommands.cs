using System.Security.Cryptography;
using CleanRoom.Attesters.Tpm.Wire;
using CleanRoom.Cryptography;

namespace CleanRoom.Attesters.Tpm.Commands;

/// <summary>Sealed objects and policy sessions. Spec: TPM 2.0 Library Part 3.</summary>
internal static class TpmSealCommands
{
    /// <summary>Seals a few bytes under a parent: only a session with the policy opens them.</summary>
    public static async ValueTask<TpmSealedObject> SealAsync(this TpmClient tpm, TpmKey parent, SecretBytes secret, ReadOnlyMemory<byte> policyDigest)
    {
        using var request = TpmRequest.WithEmptyPassword(TpmCommand.Create, parent.Handle);
        request.Parameters
            .U16(sizeof(ushort) + sizeof(ushort) + secret.Length).Sized([]).Sized(secret.Span)
            .Sized(TpmTemplates.SealedObject(policyDigest.Span))
            .Sized([])
            .U32(0);
        var reader = new TpmReader((await tpm.SendAsync(request)).Parameters.Span);
        return new TpmSealedObject(reader.Sized().ToArray(), reader.Sized().ToArray());
    }

    /// <summary>Loads a sealed object; the answer's code says why not. Trust: host-controlled.</summary>
    public static async ValueTask<TpmReply> TryLoadAsync(this TpmClient tpm, TpmKey parent, TpmSealedObject sealedObject)
    {
        using var request = TpmRequest.WithEmptyPassword(TpmCommand.Load, parent.Handle);
        request.Parameters.Sized(sealedObject.Private.Span).Sized(sealedObject.Public.Span);
        return await tpm.TryAsync(request);
    }

    /// <summary>Starts a policy session that is neither bound nor salted, and says that the PCRs have their present values.</summary>
    /// <returns>The session's handle.</returns>
    public static async ValueTask<uint> StartPcrPolicyAsync(this TpmClient tpm, PcrSelection selection)
    {
        using var start = TpmRequest.Plain(TpmCommand.StartAuthSession, TpmConstants.NullHandle, TpmConstants.NullHandle);
        start.Parameters
            .Sized(RandomNumberGenerator.GetBytes(TpmConstants.DigestBytes))
            .Sized([])
            .U8(TpmConstants.PolicySession)
            .U16(TpmConstants.Null)
            .U16(TpmConstants.Sha256);
        var session = (await tpm.SendAsync(start)).Handle;
        using var policy = TpmRequest.Plain(TpmCommand.PolicyPcr, session);
        policy.Parameters.Sized([]);
        selection.WriteTo(policy.Parameters);
        await tpm.SendAsync(policy);
        return session;
    }

    /// <summary>Opens a loaded object under a policy session; the secret is null when the TPM refuses. The caller disposes it.</summary>
    public static async ValueTask<(SecretBytes? Secret, uint Code)> TryUnsealAsync(this TpmClient tpm, uint sealedObject, uint session)
    {
        using var request = TpmRequest.WithSession(TpmCommand.Unseal, session, sealedObject);
        var reply = await tpm.TryAsync(request);
        return (reply.IsDone ? SecretBytes.CopyOf(new TpmReader(reply.Parameters.Span).Sized()) : null, reply.Code);
    }
}
