using CleanRoom.Attesters.Tpm.Wire;
using CleanRoom.Cryptography;

namespace CleanRoom.Attesters.Tpm.Commands;

/// <summary>Non-volatile areas and properties. Spec: TPM 2.0 Library Part 3.</summary>
internal static class TpmNvCommands
{
    /// <summary>Most bytes of an area that is read: certificates and reports are smaller.</summary>
    public const int MaxAreaBytes = 16 * 1024;

    private const int LeastChunkBytes = 64;
    private const int MostChunkBytes = 2_048;

    /// <summary>Reads a whole area with the owner's empty password; null when the TPM has none at the index, or none that was written.</summary>
    public static async ValueTask<byte[]?> TryReadNvAsync(this TpmClient tpm, uint index)
    {
        if (await tpm.TryReadNvSizeAsync(index) is not { } size)
        {
            return null;
        }

        if (size > MaxAreaBytes)
        {
            throw new AttesterException($"{tpm.Name}: wanted at most {MaxAreaBytes} bytes at nv index 0x{index:x8}, got {size}");
        }

        var area = new byte[size];
        var chunk = (int)Math.Clamp(await tpm.TryReadPropertyAsync(TpmConstants.NvBufferMax) ?? LeastChunkBytes, LeastChunkBytes, MostChunkBytes);
        for (var offset = 0; offset < size; offset += chunk)
        {
            var count = Math.Min(chunk, size - offset);
            using var request = TpmRequest.WithEmptyPassword(TpmCommand.NvRead, TpmConstants.Owner, index);
            request.Parameters.U16(count).U16(offset);
            var reply = await tpm.TryAsync(request);
            if (!reply.IsDone)
            {
                return null;
            }

            Copy(tpm, index, reply, area.AsSpan(offset, count));
        }

        return area;
    }

    /// <summary>Returns a fixed property of the TPM; null when it has none.</summary>
    public static async ValueTask<uint?> TryReadPropertyAsync(this TpmClient tpm, uint property)
    {
        using var request = TpmRequest.Plain(TpmCommand.GetCapability);
        request.Parameters.U32(TpmConstants.CapabilityTpmProperties).U32(property).U32(1);
        var reader = new TpmReader((await tpm.SendAsync(request)).Parameters.Span);
        reader.U8();
        return reader.U32() == TpmConstants.CapabilityTpmProperties && reader.U32() == 1 && reader.U32() == property ? reader.U32() : null;
    }

    /// <summary>Returns the size of an area in bytes; null when there is none.</summary>
    public static async ValueTask<int?> TryReadNvSizeAsync(this TpmClient tpm, uint index)
    {
        using var request = TpmRequest.Plain(TpmCommand.NvReadPublic, index);
        var reply = await tpm.TryAsync(request);
        return reply.IsDone ? Size(reply.Parameters.Span) : null;
    }

    /// <summary>Returns TPMS_NV_PUBLIC of an area as the TPM has it; null when there is none.</summary>
    public static async ValueTask<byte[]?> TryReadNvPublicAsync(this TpmClient tpm, uint index)
    {
        using var request = TpmRequest.Plain(TpmCommand.NvReadPublic, index);
        var reply = await tpm.TryAsync(request);
        return reply.IsDone ? new TpmReader(reply.Parameters.Span).Sized().ToArray() : null;
    }

    /// <summary>Makes an area with the owner's empty password.</summary>
    /// <param name="key">The area's authorisation value. It crosses the bus in clear, this once.</param>
    public static async ValueTask DefineNvAsync(this TpmClient tpm, TpmNvArea area, SecretBytes key)
    {
        using var request = TpmRequest.WithEmptyPassword(TpmCommand.NvDefineSpace, TpmConstants.Owner);
        request.Parameters.Sized(key.Span).Sized(area.ToPublic());
        await tpm.SendAsync(request);
    }

    /// <summary>Deletes an area with the owner's empty password, when there is one.</summary>
    public static async ValueTask TryUndefineNvAsync(this TpmClient tpm, uint index)
    {
        using var request = TpmRequest.WithEmptyPassword(TpmCommand.NvUndefineSpace, TpmConstants.Owner, index);
        await tpm.TryAsync(request);
    }

    private static void Copy(TpmClient tpm, uint index, TpmReply reply, Span<byte> place)
    {
        var data = new TpmReader(reply.Parameters.Span).Sized();
        if (data.Length != place.Length)
        {
            throw new AttesterException($"{tpm.Name}: wanted {place.Length} bytes of nv index 0x{index:x8}, got {data.Length}");
        }

        data.CopyTo(place);
    }

    /// <summary>TPMS_NV_PUBLIC: index, name algorithm, attributes, policy, size.</summary>
    private static int Size(ReadOnlySpan<byte> parameters)
    {
        var area = new TpmReader(new TpmReader(parameters).Sized());
        area.U32();
        area.U16();
        area.U32();
        area.Sized();
        return area.U16();
    }
}
