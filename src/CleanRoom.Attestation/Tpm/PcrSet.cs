using System.Collections.Immutable;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tpm;

/// <summary>Values of PCRs that came beside a quote, by bank and index.</summary>
/// <remarks>Trust: attacker-controlled until <see cref="Digest"/> is that of a quote whose signature holds.</remarks>
internal sealed class PcrSet(ImmutableSortedDictionary<(ushort Algorithm, int Index), Bytes> values)
{
    /// <summary>Gets the values.</summary>
    public ImmutableSortedDictionary<(ushort Algorithm, int Index), Bytes> Values => values;

    /// <summary>Returns whether there is a value for exactly the selected PCRs.</summary>
    public bool IsExactly(IReadOnlyList<PcrBankSelection> selections)
    {
        var selected = selections.SelectMany(bank => bank.Indices.Select(index => (bank.Algorithm, index))).ToList();
        var isEachOnce = selected.Distinct().Count() == selected.Count;

        // One that is selected twice would let another through that is not selected.
        return isEachOnce && selected.Count == values.Count && selected.TrueForAll(values.ContainsKey);
    }

    /// <summary>Returns the digest of the selected PCRs: in the order of the selections, ascending in each.</summary>
    /// <param name="hash">That of the signature's scheme. Spec: TPM 2.0 Library Part 3, TPM2_Quote.</param>
    /// <param name="selections">Every PCR of which is there.</param>
    public Bytes Digest(HashName hash, IReadOnlyList<PcrBankSelection> selections) => new(hash.Hash(
        [.. selections.SelectMany(bank => bank.Indices.SelectMany(index => values[(bank.Algorithm, index)].ToArray()))]));

    /// <summary>Returns the claims <c>BANKPcrINDEX</c>, such as <c>sha256Pcr7</c>.</summary>
    public IEnumerable<KeyValuePair<string, string>> ToClaims() => values.Select(value =>
        KeyValuePair.Create($"{TpmAlgorithms.BankOf(value.Key.Algorithm)}Pcr{value.Key.Index}", Hex.Of(value.Value.Span)));
}
