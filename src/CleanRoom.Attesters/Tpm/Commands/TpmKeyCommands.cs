using CleanRoom.Attesters.Tpm.Wire;

namespace CleanRoom.Attesters.Tpm.Commands;

/// <summary>Keys and quotes. Spec: TPM 2.0 Library Part 3.</summary>
internal static class TpmKeyCommands
{
    /// <summary>Makes a primary key of a hierarchy with an empty password; the same template gives the same key.</summary>
    /// <param name="template">TPMT_PUBLIC.</param>
    /// <returns>Its handle, and its TPMT_PUBLIC.</returns>
    public static async ValueTask<TpmKey> CreatePrimaryAsync(this TpmClient tpm, uint hierarchy, ReadOnlyMemory<byte> template)
    {
        const int EmptySensitiveBytes = 2 * sizeof(ushort);
        using var request = TpmRequest.WithEmptyPassword(TpmCommand.CreatePrimary, hierarchy);
        request.Parameters
            .U16(EmptySensitiveBytes).Sized([]).Sized([])
            .Sized(template.Span)
            .Sized([])
            .U32(0);
        var reply = await tpm.SendAsync(request);
        return new TpmKey(reply.Handle, new TpmReader(reply.Parameters.Span).Sized().ToArray());
    }

    /// <summary>Reads a key that the TPM keeps; null when there is none at the handle.</summary>
    public static async ValueTask<TpmKey?> TryReadKeyAsync(this TpmClient tpm, uint handle)
    {
        using var request = TpmRequest.Plain(TpmCommand.ReadPublic, handle);
        var reply = await tpm.TryAsync(request);
        return reply.IsDone ? new TpmKey(handle, new TpmReader(reply.Parameters.Span).Sized().ToArray()) : null;
    }

    /// <summary>Signs PCRs and qualifying data with the key's own scheme.</summary>
    /// <returns>TPMS_ATTEST and TPMT_SIGNATURE as the TPM wrote them.</returns>
    public static async ValueTask<(byte[] Attest, byte[] Signature)> QuoteAsync(
        this TpmClient tpm, TpmKey key, ReadOnlyMemory<byte> qualifyingData, PcrSelection selection)
    {
        using var request = TpmRequest.WithEmptyPassword(TpmCommand.Quote, key.Handle);
        request.Parameters.Sized(qualifyingData.Span).U16(TpmConstants.Null);
        selection.WriteTo(request.Parameters);
        var reply = await tpm.SendAsync(request);
        var reader = new TpmReader(reply.Parameters.Span);
        var attest = reader.Sized().ToArray();
        return (attest, reader.Rest.ToArray());
    }

    /// <summary>Reads the PCRs of a selection. Each call of a TPM gives eight at most.</summary>
    public static async ValueTask<PcrValues> ReadPcrsAsync(this TpmClient tpm, PcrSelection selection)
    {
        var values = new SortedDictionary<int, byte[]>();
        while (selection.Without(values.Keys) is { Count: > 0 } rest)
        {
            using var request = TpmRequest.Plain(TpmCommand.PcrRead);
            rest.WriteTo(request.Parameters);
            var reply = await tpm.SendAsync(request);
            if (!Add(values, rest, reply.Parameters.Span))
            {
                throw new AttesterException($"{tpm.Name}: wanted pcrs {rest} of the sha-256 bank, got none of them");
            }
        }

        return new PcrValues(selection, [.. values.Values.Select(value => (ReadOnlyMemory<byte>)value)]);
    }

    private static bool Add(SortedDictionary<int, byte[]> values, PcrSelection wanted, ReadOnlySpan<byte> parameters)
    {
        var reader = new TpmReader(parameters);
        reader.U32();
        var got = PcrSelection.Read(ref reader);
        var count = reader.U32();
        if (got is null || count != got.Count || got.Without(wanted.Indices).Count != 0)
        {
            return false;
        }

        foreach (var index in got.Indices)
        {
            var value = reader.Sized();
            if (value.Length != TpmConstants.DigestBytes)
            {
                return false;
            }

            values.Add(index, value.ToArray());
        }

        reader.End();
        return got.Count > 0;
    }
}
