namespace CleanRoom.Engine.Wire;

/// <summary>The most payload that one side takes of each kind of frame; a kind that it does not take is refused. Spec: contracts/spec/0012 s.3.</summary>
internal readonly record struct FrameLimits
{
    /// <summary>The longest request: SQL and DDL text.</summary>
    public const int MaxRequestBytes = 8 * 1_048_576;

    /// <summary>The longest text of a failure.</summary>
    public const int MaxFailureBytes = 65_536;

    private readonly bool _areRequests;
    private readonly int _maxAnswerBytes;

    private FrameLimits(bool areRequests, int maxAnswerBytes) => (_areRequests, _maxAnswerBytes) = (areRequests, maxAnswerBytes);

    /// <summary>Gets what an engine takes.</summary>
    public static FrameLimits Requests => new(areRequests: true, maxAnswerBytes: 0);

    /// <summary>Returns what the node takes.</summary>
    /// <param name="maxAnswerBytes">The most bytes of a text or of encoded rows.</param>
    public static FrameLimits Replies(int maxAnswerBytes) => new(areRequests: false, maxAnswerBytes);

    /// <summary>Returns the most payload bytes of the kind; null when it is not taken.</summary>
    public int? MaxPayloadBytes(FrameKind kind) => kind switch
    {
        FrameKind.Parse or FrameKind.Bind or FrameKind.Run => _areRequests ? MaxRequestBytes : null,
        FrameKind.Inputs => _areRequests ? 0 : null,
        FrameKind.Ready or FrameKind.Progress => _areRequests ? null : 0,
        FrameKind.Text or FrameKind.Result => _areRequests ? null : _maxAnswerBytes,
        FrameKind.Failed => _areRequests ? null : MaxFailureBytes,
        _ => null,
    };
}
