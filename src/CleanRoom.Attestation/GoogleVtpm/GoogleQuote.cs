using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Attestation.Tpm.EventLog;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.GoogleVtpm;

/// <summary>A quote over one bank, with its signature and the values of the PCRs. Source: google/go-tpm-tools, tpm.Quote.</summary>
/// <param name="Bank">TPM_ALG_ID of the bank that the values are of.</param>
/// <param name="Statement">The quote.</param>
/// <param name="Signature">The signature.</param>
/// <param name="Pcrs">The values.</param>
internal sealed record GoogleQuote(ushort Bank, TpmQuoteStatement Statement, TpmSignature Signature, PcrSet Pcrs)
{
    /// <summary>Reads one. Trust: attacker-controlled.</summary>
    /// <returns>The quote, or <c>evidence-format</c>, <c>quote-magic</c> or <c>quote-type</c>.</returns>
    public static CheckResult<GoogleQuote> Parse(Bytes content)
    {
        var message = ProtoMessage.Parse(content.Span);
        var (attest, signature, pcrs) = (message.Content(1), TpmSignature.Parse(message.Content(2).Span), message.Inner(3));
        var bank = pcrs.Number32(1);
        var values = ReadPcrs(bank, pcrs);
        if (!message.IsDone || !pcrs.IsDone || signature is null || values is null)
        {
            return FailedCheck.Invalid("evidence-format", "quotes, each with tpmt_signature and the pcrs of one bank", "another form");
        }

        return TpmQuoteStatement.Parse(attest.Span).TryGet(out var statement, out var failures)
            ? new GoogleQuote((ushort)bank, statement, signature, values)
            : failures;
    }

    /// <summary>Reads map entries {index, value}; null for an unknown bank, an index twice or beyond 23, and a value of another length than the bank's.</summary>
    private static PcrSet? ReadPcrs(uint bank, ProtoMessage pcrs)
    {
        var entries = pcrs.All(2);
        if (bank > ushort.MaxValue || LogHash.Bytes((ushort)bank) == 0 || entries.Length > PcrBankSelection.MaxPcrs)
        {
            return null;
        }

        var values = ImmutableSortedDictionary.CreateBuilder<(ushort Algorithm, int Index), Bytes>();
        foreach (var entry in entries.Select(entry => ProtoMessage.Parse(entry.Span)))
        {
            var (index, value) = (entry.Number32(1), entry.Exactly(2, LogHash.Bytes((ushort)bank)));
            if (!entry.IsDone || index >= PcrBankSelection.MaxPcrs || !values.TryAdd(((ushort)bank, (int)index), new Bytes(value)))
            {
                return null;
            }
        }

        return new PcrSet(values.ToImmutable());
    }
}
