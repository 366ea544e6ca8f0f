using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Attestation.Tpm.EventLog;

namespace CleanRoom.Attestation.GoogleVtpm;

/// <summary>Checks the quotes of a message against each other, the key and the log. Whose the key is, is for others to check.</summary>
internal static class GoogleVtpmCheck
{
    /// <summary>
    /// Returns the failures: <c>ak-attributes</c>, <c>pcr-bank</c>, <c>quote-nonce</c>, <c>quote-start</c>, those of <see cref="TpmQuoteCheck"/> for every
    /// quote, and those of <see cref="EventLogCheck"/> for every bank.
    /// </summary>
    public static IEnumerable<FailedCheck> Failures(GoogleAttestation attestation)
    {
        var quotes = attestation.Quotes;
        var failures = TpmKeyFailures(attestation.Key).Concat(BankFailures(quotes)).Concat(TogetherFailures(quotes));
        foreach (var quote in quotes)
        {
            failures = failures.Concat(TpmQuoteCheck.Failures(quote.Statement, quote.Signature, quote.Pcrs, attestation.Key.Key));
            failures = failures.Concat(attestation.Log is { } log ? EventLogCheck.Failures(log, quote.Bank, quote.Pcrs) : []);
        }

        return failures;
    }

    private static IEnumerable<FailedCheck> TpmKeyFailures(TpmPublicKey key)
    {
        if (key.AttributeFailure is { } failure)
        {
            yield return failure;
        }
    }

    /// <summary>SHA-1 may stand beside another bank, and is never alone: values for its digests can be made up.</summary>
    private static IEnumerable<FailedCheck> BankFailures(ImmutableArray<GoogleQuote> quotes)
    {
        var banks = quotes.Select(quote => quote.Bank).ToList();
        var isOneEach = quotes.All(quote => quote.Statement.Selections is [var only] && only.Algorithm == quote.Bank) && banks.Distinct().Count() == banks.Count;
        if (!isOneEach || !banks.Exists(TpmAlgorithms.IsProof))
        {
            yield return FailedCheck.Invalid(
                "pcr-bank",
                "quotes of one bank each, no bank twice, sha256 or sha384 among them",
                Printable.Text(string.Join(" ", quotes.SelectMany(quote => quote.Statement.Selections).Select(bank => bank.ToString()))));
        }
    }

    /// <summary>Quotes of another moment say what was measured before.</summary>
    private static IEnumerable<FailedCheck> TogetherFailures(ImmutableArray<GoogleQuote> quotes)
    {
        var nonces = quotes.Select(quote => Hex.Of(quote.Statement.ExtraData.Span)).Distinct(StringComparer.Ordinal).ToList();
        if (nonces.Count > 1)
        {
            yield return FailedCheck.Invalid("quote-nonce", "one nonce in all quotes", string.Join(", ", nonces));
        }

        var starts = quotes.Select(quote => (quote.Statement.ResetCount, quote.Statement.RestartCount)).Distinct().ToList();
        if (starts.Count > 1)
        {
            yield return FailedCheck.Invalid(
                "quote-start", "quotes of one start of the machine", string.Join(", ", starts.Select(start => string.Create(CultureInfo.InvariantCulture, $"{start.ResetCount}.{start.RestartCount}"))));
        }
    }
}
