using System.Formats.Cbor;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Attestation.Corim;

/// <summary>Attestation policies to and from unsigned CoRIM. Spec: draft-ietf-rats-corim; contracts/spec/attestation/corim.md.</summary>
public static class CorimPolicy
{
    /// <summary>Writes what a policy accepts.</summary>
    /// <returns>The CoRIM and what is not in it; or <see cref="RefusalCode.DocumentInvalid"/> when no tuple can be written.</returns>
    public static Result<CorimExport> Export(AttestationPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return CorimWriter.Write(policy);
    }

    /// <summary>Reads what a CoRIM of this profile accepts. What would make a policy stricter and has no place in one is refused.</summary>
    /// <param name="corim">Trust: attacker-controlled. At most 1,048,576 bytes.</param>
    /// <returns>The policy and what is not in it; or <see cref="RefusalCode.DocumentTooLarge"/>, <see cref="RefusalCode.DocumentInvalid"/>.</returns>
    public static Result<CorimImport> Import(ReadOnlyMemory<byte> corim)
    {
        if (corim.Length > CorimFormat.MaxBytes)
        {
            return new Refusal(RefusalCode.DocumentTooLarge, $"a corim of at most {CorimFormat.MaxBytes} bytes", $"{corim.Length}");
        }

        try
        {
            return new CorimReader().Read(corim);
        }
        catch (CorimFormException form)
        {
            return new Refusal(RefusalCode.DocumentInvalid, form.Wanted, form.Got);
        }
        catch (Exception content) when (content is CborContentException or InvalidOperationException or OverflowException)
        {
            return new Refusal(RefusalCode.DocumentInvalid, "an unsigned corim in cbor", "other bytes");
        }
    }
}
