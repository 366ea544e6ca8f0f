using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Attestation.Tpm.EventLog;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attestation.Tpm;

/// <summary>Values of PCRs that came beside a quote, by bank and index.</summary>
/// <remarks>Trust: attacker-controlled until <see cref="Digest"/> is that of a quote whose signature holds.</remarks>
internal sealed class PcrSet(ImmutableSortedDictionary<(ushort Algorithm, int Index), Bytes> values)
{
    /// <summary>Gets the values.</summary>
    public ImmutableSortedDictionary<(ushort Algorithm, int Index), Bytes> Values => values;

    /// <summary>Gets the banks, SHA-256 before SHA-384.</summary>
    public ImmutableArray<ushort> Banks { get; } = [.. values.Keys.Select(key => key.Algorithm).Distinct()];

    /// <summary>
    /// Reads {"sha256": {index: hex, ...}}, with "sha384" in its place or besides; null for another bank or none, an index twice or beyond 23,
    /// and values of another length.
    /// </summary>
    public static PcrSet? Read(JsonObject pcrs)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<(ushort Algorithm, int Index), Bytes>();
        foreach (var (name, content) in pcrs.Members)
        {
            if (Bank(name) is not { } algorithm || content is not JsonObject bank || !bank.Members.All(member => Add(values, algorithm, member)))
            {
                return null;
            }
        }

        return pcrs.Members.IsEmpty ? null : new PcrSet(values.ToImmutable());
    }

    /// <summary>Returns the form that <see cref="Read"/> reads.</summary>
    public JsonObject ToJson() => new([.. Banks.Select(bank => new JsonMember(TpmAlgorithms.BankOf(bank)!, new JsonObject(
        [.. values.Where(value => value.Key.Algorithm == bank).Select(value => new JsonMember(Text(value.Key.Index), Hex.Of(value.Value.Span)))])))]);

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

    private static ushort? Bank(string name) => name switch
    {
        "sha256" => TpmAlgorithms.Sha256,
        "sha384" => TpmAlgorithms.Sha384,
        _ => null,
    };

    private static bool Add(ImmutableSortedDictionary<(ushort Algorithm, int Index), Bytes>.Builder values, ushort algorithm, JsonMember member)
    {
        if (!int.TryParse(member.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= PcrBankSelection.MaxPcrs
            || Text(index) != member.Name || (member.Value as JsonString)?.Value is not { } hex
            || hex.Length != 2 * LogHash.Bytes(algorithm) || !hex.All(char.IsAsciiHexDigitLower))
        {
            return false;
        }

        return values.TryAdd((algorithm, index), new Bytes(Convert.FromHexString(hex)));
    }

    private static string Text(int index) => index.ToString(CultureInfo.InvariantCulture);
}
