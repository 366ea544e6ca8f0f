namespace CleanRoom.Attesters;

/// <summary>A broken machine: a device did not do its work, or answered in a form that its specification does not have.</summary>
/// <remarks>The message is lower case, names the device, and says what was wanted and what was got; no secret.</remarks>
public sealed class AttesterException(string message, Exception? cause) : IOException(message, cause)
{
    /// <summary>Makes one without a cause.</summary>
    public AttesterException(string message)
        : this(message, cause: null)
    {
    }
}
