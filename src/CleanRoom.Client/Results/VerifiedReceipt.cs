using CleanRoom.Protocol;
using CleanRoom.Protocol.Receipts;

namespace CleanRoom.Client.Results;

/// <summary>A receipt bundle that was verified offline after it was built.</summary>
/// <param name="Bundle">The bytes of a <c>.receipt</c> file.</param>
/// <param name="Report">What it proves, and what not.</param>
public sealed record VerifiedReceipt(Bytes Bundle, ReceiptReport Report);
