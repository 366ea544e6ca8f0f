using CleanRoom.Protocol;

namespace CleanRoom.Storage;

/// <summary>A broken machine: something the program needs did not do its work. Expected refusals are values, not exceptions.</summary>
public abstract class CleanRoomException : Exception
{
    /// <summary>Takes the stable code, a message that may be shown to the operator, and the cause, which may not.</summary>
    /// <remarks>The message is lower case and says what was wanted and what was got; no secret, no row value.</remarks>
    protected CleanRoomException(RefusalCode code, string message, Exception? cause)
        : base(message, cause) => Code = code;

    /// <summary>Gets the code, the last part of <c>urn:cleanroom:error:&lt;code&gt;</c>.</summary>
    public RefusalCode Code { get; }
}
