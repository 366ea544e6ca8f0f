namespace CleanRoom.Attesters.Tpm.Wire;

/// <summary>The answer to one command, its envelope taken off.</summary>
/// <param name="Code">TPM_RC: zero for success, and then there are parameters.</param>
/// <param name="Handle">The handle of commands that make an object or a session; else zero.</param>
/// <param name="Parameters">The parameters; empty after an error.</param>
/// <param name="Authorisation">What the TPM says of the sessions; empty without one.</param>
internal readonly record struct TpmReply(uint Code, uint Handle, ReadOnlyMemory<byte> Parameters, ReadOnlyMemory<byte> Authorisation = default)
{
    private const int HeaderBytes = 10;

    /// <summary>Gets a value that says whether the command was done.</summary>
    public bool IsDone => Code == 0;

    /// <summary>Reads an answer.</summary>
    /// <exception cref="AttesterException">It has not the form of an answer to this command.</exception>
    public static TpmReply Parse(TpmRequest request, ReadOnlyMemory<byte> answer)
    {
        var reader = new TpmReader(answer.Span);
        var tag = reader.U16();
        var size = reader.U32();
        var code = reader.U32();
        if (size != answer.Length)
        {
            throw new AttesterException($"tpm: wanted an answer of {answer.Length} bytes, got one that says {size}");
        }

        if (code != 0)
        {
            reader.End();
            return new(code, 0, default);
        }

        if (tag != (request.HasSessions ? TpmConstants.Sessions : TpmConstants.NoSessions))
        {
            throw new AttesterException($"tpm: wanted an answer with the tag of its command, got 0x{tag:x4}");
        }

        var handle = request.Command is TpmCommand.CreatePrimary or TpmCommand.Load or TpmCommand.StartAuthSession ? reader.U32() : 0;
        var start = HeaderBytes + (handle == 0 ? 0 : sizeof(uint));
        if (!request.HasSessions)
        {
            return new(code, handle, answer[start..]);
        }

        var length = reader.U32();
        if (length > (uint)reader.Rest.Length)
        {
            throw new AttesterException($"tpm: wanted at most {reader.Rest.Length} bytes of parameters, got an answer that says {length}");
        }

        start += sizeof(uint);
        return new(code, handle, answer.Slice(start, (int)length), answer[(start + (int)length)..]);
    }
}
