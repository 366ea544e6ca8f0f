using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Signatures;

namespace CleanRoom.Attestation.Tpm;

/// <summary>Checks a quote against a key and the PCR values that came with it; the same for every envelope that quotes come in.</summary>
internal static class TpmQuoteCheck
{
    /// <summary>Returns the failure <c>pcr-bank</c> unless each selection is of a bank that may be proof, and of another one than the others.</summary>
    public static IEnumerable<FailedCheck> BankFailures(TpmQuoteStatement quote)
    {
        var banks = quote.Selections.Select(selection => selection.Algorithm).ToList();
        if (banks.Count == 0 || !banks.TrueForAll(TpmAlgorithms.IsProof) || banks.Distinct().Count() != banks.Count)
        {
            yield return FailedCheck.Invalid("pcr-bank", "one selection of sha256, one of sha384, or both", Printable.Text(string.Join(" ", quote.Selections)));
        }
    }

    /// <summary>Returns the failures: <c>signature-hash</c>, <c>signature</c>, <c>pcr-selection</c>, <c>pcrs</c>.</summary>
    /// <remarks>A quote over no PCR says nothing about the machine and is refused. Whose the key is, is for others to check.</remarks>
    public static IEnumerable<FailedCheck> Failures(TpmQuoteStatement quote, TpmSignature signature, PcrSet pcrs, VerificationKey key)
    {
        if (signature.Hash == HashName.None)
        {
            yield return FailedCheck.Invalid("signature-hash", "sha-256, sha-384 or sha-512", TpmAlgorithms.BankOf(signature.HashAlgorithm) ?? $"0x{signature.HashAlgorithm:x4}");
        }
        else if (!signature.Verifies(key, quote.Signed.Span))
        {
            yield return FailedCheck.Invalid("signature", "one by the attestation key over the quote", "another");
        }

        var selected = string.Join(" ", quote.Selections);
        if (quote.Selections.IsEmpty || quote.Selections.Any(bank => bank.Indices.IsEmpty))
        {
            yield return FailedCheck.Invalid("pcr-selection", "at least one pcr of every bank", selected.Length == 0 ? "none" : selected);
        }

        if (!pcrs.IsExactly(quote.Selections))
        {
            yield return FailedCheck.Invalid("pcr-selection", $"the values of exactly {selected}", $"{pcrs.Values.Count} values, or others");
        }
        else if (signature.Hash != HashName.None && pcrs.Digest(signature.Hash, quote.Selections) is var digest && digest != quote.PcrDigest)
        {
            yield return FailedCheck.Invalid("pcrs", $"values with the quoted digest {Hex.Of(quote.PcrDigest.Span)}", Hex.Of(digest.Span));
        }
    }
}
