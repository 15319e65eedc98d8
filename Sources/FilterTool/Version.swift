/// The version that all tools of the project report and write into a stream's history.
package let toolVersion = "0.1.0"
