using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;

namespace CleanRoom.Node.Tests.Api.Negative;

/// <summary>Holds every answer to what this API promises of a refusal, and keeps what breaks a promise, so that one run shows all of it.</summary>
internal sealed class AnswerBook
{
    /// <summary>The media type under which <see cref="NegativeScene"/> hands on what the HTTP server itself refuses: an empty answer and a closed connection.</summary>
    public const string OfHttpItself = "(none, of the HTTP server)";

    private const string Urn = "urn:cleanroom:error:";
    private const string ProblemType = "application/problem+json";

    // A client reads at most 256 KiB of a problem; what a caller sent is no reason for the node to send it back at length.
    private const int MaxProblemBytes = 64 * 1024;

    private static readonly FrozenSet<string> _codes =
        Enum.GetValues<RefusalCode>().Where(code => code != RefusalCode.None).Select(code => code.Slug()).ToFrozenSet(StringComparer.Ordinal);

    private static readonly ImmutableArray<string> _leaks =
        ["Exception", "   at ", ".cs:", "/src/", "System.", "Microsoft.", "Orleans.", "CleanRoom.Node", "CleanRoom.Grains", "CleanRoom.Protocol", "stack trace"];

    private readonly ConcurrentQueue<string> _broken = new();
    private readonly ConcurrentDictionary<string, int> _operations = new(StringComparer.Ordinal);
    private int _sent;

    /// <summary>Notes an answer.</summary>
    /// <param name="operation">The operation that was asked; null for a request that is to none.</param>
    /// <param name="about">The request, in words.</param>
    /// <param name="status">The status that the caller sees: the inner one inside the channel.</param>
    /// <param name="contentType">The media type.</param>
    /// <param name="body">The whole body.</param>
    /// <param name="isWrong">The request must be refused; else any answer that is no fault of the node will do.</param>
    /// <param name="statuses">The only statuses that are right; none where any refusal is.</param>
    public void Note(ApiOperation? operation, string about, int status, string contentType, ReadOnlySpan<byte> body, bool isWrong, params ReadOnlySpan<int> statuses)
    {
        Count(operation);
        if (Fault(status, contentType, body, isWrong, statuses) is { } fault)
        {
            _broken.Enqueue($"{operation}: {about}: {fault}; got {status} {Shown(body)}");
        }
    }

    /// <summary>Notes a connection that was closed without an answer in HTTP/1.1, to a caller that had hung up or never spoke HTTP.</summary>
    public void NoteSilence(ApiOperation? operation, string about, string said)
    {
        Count(operation);
        if (_leaks.Any(leak => said.Contains(leak, StringComparison.OrdinalIgnoreCase)))
        {
            _broken.Enqueue($"{operation}: {about}: no answer, but '{said}' in it");
        }
    }

    /// <summary>Asserts that every promise was kept, and that each of some operations was asked often enough to say so.</summary>
    /// <param name="operations">The operations that were to be asked, and no others.</param>
    /// <param name="atLeast">The fewest requests to each.</param>
    public void Close(IEnumerable<string> operations, int atLeast)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{_sent} requests to {_operations.Count} operations");
        string.Join('\n', _broken.Take(100)).Should().BeEmpty($"of {_sent} answers {_broken.Count} broke a promise");
        _operations.Keys.Should().BeEquivalentTo(operations);
        _operations.Where(asked => asked.Value < atLeast).Should().BeEmpty($"each is to be asked at least {atLeast} times");
    }

    private void Count(ApiOperation? operation)
    {
        Interlocked.Increment(ref _sent);
        if (operation is not null)
        {
            _operations.AddOrUpdate(operation.ToString(), 1, (_, count) => count + 1);
        }
    }

    private static string? Fault(int status, string contentType, ReadOnlySpan<byte> body, bool isWrong, ReadOnlySpan<int> statuses)
    {
        // A version of HTTP that the server does not speak: RFC 9110 s.15.6.6 has a 5xx for it.
        if (status >= 500 && !(status == 505 && contentType == OfHttpItself))
        {
            return "a fault of the node";
        }

        if (!statuses.IsEmpty && !statuses.Contains(status))
        {
            return $"wanted status {string.Join(" or ", statuses.ToArray())}";
        }

        if (status < 400)
        {
            return isWrong ? "it was taken" : null;
        }

        if (contentType == OfHttpItself)
        {
            return null;
        }

        return contentType.Split(';')[0] == ProblemType ? FaultOf(status, body) : $"a refusal of type '{contentType}'";
    }

    private static string? FaultOf(int status, ReadOnlySpan<byte> body)
    {
        if (body.Length > MaxProblemBytes)
        {
            return $"a problem of {body.Length} bytes";
        }

        var text = Encoding.UTF8.GetString(body);
        if (_leaks.FirstOrDefault(leak => text.Contains(leak, StringComparison.OrdinalIgnoreCase)) is { } leaked)
        {
            return $"it says '{leaked}'";
        }

        Problem problem;
        try
        {
            problem = JsonSerializer.Deserialize(body, ApiJsonContext.Default.Problem)!;
        }
        catch (JsonException)
        {
            return "a problem that is none";
        }

        return problem.Status != status || problem.Title.Length == 0 || problem.Reasons.IsEmpty
            || problem.Reasons.Any(reason => !_codes.Contains(reason.Code) || reason.Wanted.Length == 0 || reason.Got.Length == 0)
            || problem.Type != Urn + problem.Reasons[0].Code
            ? "a problem without its status, a known code, what was wanted or what was got"
            : null;
    }

    private static string Shown(ReadOnlySpan<byte> body) => Encoding.UTF8.GetString(body[..Math.Min(body.Length, 300)]);
}
