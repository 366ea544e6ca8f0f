namespace CleanRoom.Attesters.Tpm.Wire;

/// <summary>One command: handles, authorisations, then parameters. Spec: TPM 2.0 Library Part 1, command/response structure.</summary>
internal sealed class TpmRequest : IDisposable
{
    private const int SizeOffset = 2;

    private TpmRequest(TpmCommand command, bool sessions)
    {
        Command = command;
        HasSessions = sessions;
        Parameters.U16(sessions ? TpmConstants.Sessions : TpmConstants.NoSessions).U32(0).U32((uint)command);
    }

    /// <summary>Gets the command.</summary>
    public TpmCommand Command { get; }

    /// <summary>Gets a value that says whether the answer has an authorisation area.</summary>
    public bool HasSessions { get; }

    /// <summary>Gets where parameters are written.</summary>
    public TpmWriter Parameters { get; } = new();

    /// <summary>A command without authorisation.</summary>
    public static TpmRequest Plain(TpmCommand command, params ReadOnlySpan<uint> handles) => new TpmRequest(command, sessions: false).With(handles);

    /// <summary>A command whose first handle is authorised with the empty password.</summary>
    public static TpmRequest WithEmptyPassword(TpmCommand command, params ReadOnlySpan<uint> handles) =>
        WithSession(command, TpmConstants.PasswordSession, handles);

    /// <summary>A command whose first handle is authorised by a session without a key: the empty password, or a policy.</summary>
    public static TpmRequest WithSession(TpmCommand command, uint session, params ReadOnlySpan<uint> handles)
    {
        const uint AuthorisationBytes = sizeof(uint) + sizeof(ushort) + sizeof(byte) + sizeof(ushort);
        var request = new TpmRequest(command, sessions: true).With(handles);

        // No nonce and no HMAC: neither a password session nor an unbound, unsalted policy session has a key.
        request.Parameters.U32(AuthorisationBytes).U32(session).Sized([]).U8(TpmConstants.ContinueSession).Sized([]);
        return request;
    }

    /// <summary>A command whose first handle is authorised by an HMAC over names and parameters, which the caller writes next.</summary>
    public static TpmRequest WithHmac(TpmCommand command, uint session, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> hmac, params ReadOnlySpan<uint> handles)
    {
        var length = sizeof(uint) + sizeof(ushort) + nonce.Length + sizeof(byte) + sizeof(ushort) + hmac.Length;
        var request = new TpmRequest(command, sessions: true).With(handles);
        request.Parameters.U32((uint)length).U32(session).Sized(nonce).U8(TpmConstants.ContinueSession).Sized(hmac);
        return request;
    }

    /// <summary>Returns the whole command.</summary>
    public ReadOnlyMemory<byte> ToBytes()
    {
        Parameters.Patch(SizeOffset, (uint)Parameters.Length);
        return Parameters.Written;
    }

    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();

    private TpmRequest With(ReadOnlySpan<uint> handles)
    {
        foreach (var handle in handles)
        {
            Parameters.U32(handle);
        }

        return this;
    }
}
